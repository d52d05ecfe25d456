/** Random play in Gymnasium's classic control, one environment in one process. */

/**
 * Source of a program for `startPython`. Its first argument is a file of one int32, which of the
 * worlds it plays; each repeat is 1,000 steps. Its check is the mean length of the episodes so far.
 */
export const SIMULATORS_IN_PYTHON = `
import sys, time
import numpy as np
import gymnasium

names = ["CartPole-v1", "Pendulum-v1", "MountainCar-v0", "Acrobot-v1"]
env = gymnasium.make(names[np.fromfile(sys.argv[1], np.int32)[0]])
rng = np.random.default_rng(0)
discrete = isinstance(env.action_space, gymnasium.spaces.Discrete)
actions = rng.integers(env.action_space.n, size=1000) if discrete else rng.uniform(-2, 2, (1000, 1)).astype(np.float32)
env.reset(seed=0)
steps = episodes = 0

def play():
    global steps, episodes
    for action in actions:
        _, _, terminated, truncated, _ = env.step(action)
        steps += 1
        if terminated or truncated:
            episodes += 1
            env.reset()

play()
for line in sys.stdin:
    repeats = int(line)
    begin = time.process_time()
    for _ in range(repeats):
        play()
    spent = time.process_time() - begin
    print(1e3 * spent / repeats, steps / max(1, episodes), flush=True)
`;
