/** Whether a run that goes on has the settings that it had: where not, which of them differ. */

type Settings = Readonly<Record<string, unknown>>;

/**
 * @param before plain JSON, from a checkpoint
 * @throws RangeError naming the first that differs, such as `learner.agent.hidden`
 */
export function checkSettings(before: unknown, now: unknown): void {
  const [was, is] = [flat(plain(before)), flat(plain(now))];
  for (const name of new Set([...was.keys(), ...is.keys()]))
    if (was.get(name) !== is.get(name))
      throw new RangeError(
        `Cannot go on: the checkpoint was made with ${name} ${was.get(name) ?? 'not given'}, wanted ${is.get(name) ?? 'none'}`,
      );
}

function plain(settings: unknown): unknown {
  return JSON.parse(JSON.stringify(settings ?? null));
}

/** Every setting that is no object, as JSON, by its path. */
function flat(settings: unknown, path = ''): Map<string, string> {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings))
    return new Map([[path, JSON.stringify(settings)]]);
  return new Map(
    Object.entries(settings as Settings).flatMap(([name, value]) => [
      ...flat(value, path === '' ? name : `${path}.${name}`),
    ]),
  );
}
