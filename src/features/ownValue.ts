/**
 * The value that a record itself has under a name that somebody chose; undefined where it has none.
 * A feature may be called "constructor", and every record inherits something of that name.
 */
export function ownValue<Value>(
  record: Readonly<Record<string, Value>> | undefined,
  name: string,
): Value | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
