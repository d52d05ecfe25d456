/** Likelihood and gradient of route choice with scipy's SuperLU, all destinations at once. */

/**
 * Source of a program for `startPython`. Its file holds six int32 (states, pairs, features, tasks,
 * exits, weights), then pair starts and next states, the features, θ, the pair counts; per task the
 * starts, states and worth of its exits, and the starts, states and weights of its values. Its
 * check is the log-likelihood.
 */
export const ROUTES_IN_PYTHON = `
import sys, time
import numpy as np
from scipy.sparse import csr_matrix, csc_matrix, identity
from scipy.sparse.linalg import splu

data = open(sys.argv[1], "rb")
take = lambda kind, count: np.fromfile(data, kind, count)
states, pairs, width, tasks, exits, entries = take(np.int32, 6)
pair_start, next_state = take(np.int32, states + 1), take(np.int32, pairs)
features = take(np.float64, pairs * width).reshape(pairs, width)
theta, counts = take(np.float64, width), take(np.float64, pairs)
exit_start, exit_state, exit_worth = take(np.int32, tasks + 1), take(np.int32, exits), take(np.float64, exits)
value_start, value_state, value_weight = take(np.int32, tasks + 1), take(np.int32, entries), take(np.float64, entries)
source = np.repeat(np.arange(states), np.diff(pair_start))
exit_task = np.repeat(np.arange(tasks), np.diff(exit_start))
value_task = np.repeat(np.arange(tasks), np.diff(value_start))
b = np.zeros((states, tasks))
b[exit_state, exit_task] = np.exp(exit_worth)
eye = identity(states, format="csc")

def evaluate():
    reward = features @ theta
    m = np.exp(reward)
    lu = splu(csc_matrix(eye - csr_matrix((m, next_state, pair_start), shape=(states, states))))
    z = lu.solve(b)
    at = z[value_state, value_task]
    value = counts @ reward + value_weight @ np.log(at)
    c = np.zeros((states, tasks))
    np.add.at(c, (value_state, value_task), value_weight / at)
    adjoint = lu.solve(c, "T")
    flow = np.zeros(pairs)
    for task in range(tasks):
        flow += adjoint[source, task] * z[next_state, task]
    return value, (counts + m * flow) @ features

evaluate()
for line in sys.stdin:
    repeats = int(line)
    begin = time.process_time()
    for _ in range(repeats):
        value, gradient = evaluate()
    spent = time.process_time() - begin
    print(1e3 * spent / repeats, repr(float(value)), flush=True)
`;
