/** Units that recordings come in, each with its size in the unit that its kind is counted in. */

const SIZES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  length: { m: 1, km: 1000, cm: 0.01, mm: 0.001, mi: 1609.344, nmi: 1852, yd: 0.9144, ft: 0.3048 },
  time: { s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9, min: 60, h: 3600, d: 86_400 },
  speed: { 'm/s': 1, 'km/h': 1 / 3.6, mph: 0.44704, kn: 1852 / 3600 },
  angle: { rad: 1, deg: Math.PI / 180 },
};

/** Names of all units that can be converted. */
export const unitNames: readonly string[] = Object.values(SIZES).flatMap((kind) =>
  Object.keys(kind),
);

/** Returns by what a number in one unit is multiplied to be in another; null where they differ in kind. */
export function unitFactor(from: string, to: string): number | null {
  if (from === to) return 1;
  for (const kind of Object.values(SIZES))
    if (Object.hasOwn(kind, from) && Object.hasOwn(kind, to)) return kind[from] / kind[to];
  return null;
}
