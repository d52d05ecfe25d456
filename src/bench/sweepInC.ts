/** The same sweep in C, for τ = 1, with exp and log of libm: the measure for the TypeScript. */

/**
 * Source of a program for `startC`. Its file holds three int32 (states, pairs, transitions), the
 * arrays of the MDP, γ, the reward [pairs] and V [states]; its check is the sum of TV.
 */
export const SWEEP_IN_C = `
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void *take(FILE *file, size_t size, size_t count) {
  void *array = malloc(size * count + 64);
  if (!array || fread(array, size, count, file) != count) exit(2);
  return array;
}

static void sweep(int states, const int *restrict pairStart, const int *restrict transitionStart,
                  const int *restrict next, const double *restrict p, double discount,
                  const double *restrict reward, const double *restrict value,
                  double *restrict q, double *restrict out) {
  for (int s = 0; s < states; s++) {
    int first = pairStart[s], last = pairStart[s + 1];
    double largest = -INFINITY, sum = 0;
    for (int pair = first; pair < last; pair++) {
      double mean = 0;
      for (int k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
        mean += p[k] * value[next[k]];
      double x = reward[pair] + discount * mean;
      q[pair - first] = x;
      if (x > largest) largest = x;
    }
    for (int a = 0; a < last - first; a++) sum += exp(q[a] - largest);
    out[s] = last > first ? largest + log(sum) : 0;
  }
}

int main(int argc, char **argv) {
  FILE *file = fopen(argv[argc - 1], "rb");
  if (!file) return 2;
  int *size = take(file, 4, 3), states = size[0], pairs = size[1], transitions = size[2];
  int *pairStart = take(file, 4, states + 1), *transitionStart = take(file, 4, pairs + 1);
  int *next = take(file, 4, transitions);
  double *p = take(file, 8, transitions), *discount = take(file, 8, 1);
  double *reward = take(file, 8, pairs), *value = take(file, 8, states);
  fclose(file);
  double *out = malloc(8 * (size_t)states), *q = malloc(8 * (size_t)pairs);
  int repeats;
  while (scanf("%d", &repeats) == 1) {
    struct timespec start, end;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    for (int i = 0; i < repeats; i++)
      sweep(states, pairStart, transitionStart, next, p, *discount, reward, value, q, out);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    double sum = 0;
    for (int s = 0; s < states; s++) sum += out[s];
    printf("%.9g %.17g\\n",
           (1e3 * (end.tv_sec - start.tv_sec) + 1e-6 * (end.tv_nsec - start.tv_nsec)) / repeats, sum);
    fflush(stdout);
  }
  return 0;
}
`;
