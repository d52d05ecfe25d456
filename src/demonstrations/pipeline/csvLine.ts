/** Lines of CSV, as the readers of tables take them. */

export type CsvValue = string | number | null;

/** One line with its end; a null is an empty cell. Numbers keep every digit. */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(csvCell).join(',')}\n`;
}

/** Quoted where it holds what separates cells. */
export function csvCell(value: CsvValue): string {
  if (value === null) return '';
  const text = String(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
