/** The methods of a study in a simulator, each under a name of its own. */

import { ownValue } from '../../features/ownValue.ts';
import { fileName } from '../output/flatArrays.ts';
import type {
  SimulatedMethodName,
  SimulatedSpecification,
  SimulatedStudy,
} from '../simulatedStudy.ts';
import { simulatedMethodNames } from '../simulatedStudy.ts';

const USUAL: readonly SimulatedMethodName[] = [
  'causal-entropy-simulator',
  'behavior-cloning-network',
];

/** @throws RangeError for a method that there is not, and where two have one name */
export function simulatedSpecifications({
  name: study,
  methods = USUAL,
}: SimulatedStudy): SimulatedSpecification[] {
  const refuse = (problem: string): never => {
    throw new RangeError(`Cannot run study "${study}": ${problem}`);
  };
  if (methods.length === 0) refuse('it names no methods');
  const all = methods.map(
    (one): SimulatedSpecification => (typeof one === 'string' ? { name: one, method: one } : one),
  );
  const seen: Record<string, true> = {};
  for (const { name, method } of all) {
    if (!(simulatedMethodNames as readonly string[]).includes(method))
      refuse(
        `"${method}" is no method of studies in a simulator; they are ${simulatedMethodNames.join(', ')}`,
      );
    if (ownValue(seen, fileName(name))) refuse(`two methods are called "${name}", or all but`);
    seen[fileName(name)] = true;
  }
  return all;
}
