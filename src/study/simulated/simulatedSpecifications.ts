/** The methods of a study in a simulator, each under a name of its own. */

import { suggestion } from '../../demonstrations/tables/nameIndex.ts';
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
/** What a specification may say, by kind of method. */
const OF_OTHERS: readonly string[] = ['name', 'method', 'fit'];
const OF_REWARDS: readonly string[] = [...OF_OTHERS, 'features', 'agent'];

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
  for (const one of all) {
    const { name, method } = one ?? {};
    if (typeof name !== 'string' || name === '')
      refuse(`a method is { name, method, … } or a text, got ${JSON.stringify(one)}`);
    if (!(simulatedMethodNames as readonly string[]).includes(method))
      refuse(
        `"${method}" is no method of studies in a simulator; they are ${simulatedMethodNames.join(', ')}`,
      );
    const known = method === 'causal-entropy-simulator' ? OF_REWARDS : OF_OTHERS;
    const odd = Object.keys(one).find((key) => !known.includes(key));
    if (odd !== undefined)
      refuse(
        `method "${name}" has no "${odd}"${suggestion(odd, known)}; it has ${known.join(', ')}`,
      );
    if (ownValue(seen, fileName(name))) refuse(`two methods are called "${name}", or all but`);
    seen[fileName(name)] = true;
  }
  return all;
}
