/** Instants as text of ISO 8601, to the nanosecond. */

const SECOND = 1_000_000_000n;

/**
 * Returns an instant as text such as `2024-05-01T12:00:00.25Z`, or null where it lies beyond the
 * years that dates can have.
 *
 * @param nanoseconds since 1970-01-01T00:00:00
 * @param zone put at its end: `Z`, or nothing where the zone is not known
 */
export function isoTime(nanoseconds: bigint, zone: 'Z' | ''): string | null {
  const rest = ((nanoseconds % SECOND) + SECOND) % SECOND;
  const seconds = Number((nanoseconds - rest) / SECOND);
  if (!(Math.abs(seconds) <= 8.64e12)) return null;
  const fraction = rest === 0n ? '' : `.${rest.toString().padStart(9, '0').replace(/0+$/, '')}`;
  return `${new Date(seconds * 1000).toISOString().slice(0, -5)}${fraction}${zone}`;
}
