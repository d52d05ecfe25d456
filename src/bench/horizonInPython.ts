/** The finite-horizon gradient with scipy's sparse matrices: one time loop backwards, one forwards. */

/**
 * Source of a program for `startPython`. Its file holds four int32 (states, actions, transitions,
 * horizon), the transitions by pairs, the reward [pairs] and the start [states]; its check is the
 * sum of pair · visits.
 */
export const HORIZON_IN_PYTHON = `
import sys, time
import numpy as np
from scipy.sparse import csr_matrix

data = open(sys.argv[1], "rb")
states, actions, transitions, horizon = np.fromfile(data, np.int32, 4)
pairs = states * actions
start = np.fromfile(data, np.int32, pairs + 1)
next_state = np.fromfile(data, np.int32, transitions)
probability = np.fromfile(data, np.float64, transitions)
reward = np.fromfile(data, np.float64, pairs).reshape(states, actions)
initial = np.fromfile(data, np.float64, states)
P = csr_matrix((probability, next_state, start), shape=(pairs, states))
PT = P.T.tocsr()

def gradient():
    policy = np.empty((horizon, states, actions))
    value = np.zeros(states)
    for t in range(horizon - 1, -1, -1):
        q = reward + (P @ value).reshape(states, actions)
        largest = q.max(axis=1)
        weight = np.exp(q - largest[:, None])
        total = weight.sum(axis=1)
        value = largest + np.log(total)
        policy[t] = weight / total[:, None]
    here = initial
    visits = np.zeros((states, actions))
    for t in range(horizon):
        flow = here[:, None] * policy[t]
        visits += flow
        here = PT @ flow.ravel()
    return visits

gradient()
for line in sys.stdin:
    repeats = int(line)
    begin = time.process_time()
    for _ in range(repeats):
        visits = gradient()
    spent = time.process_time() - begin
    print(1e3 * spent / repeats, visits.ravel() @ np.arange(pairs), flush=True)
`;
