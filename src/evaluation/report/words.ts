/** Numbers and counts as a reader wants them. */

/** About so many significant digits, a true minus sign, no exponent where that can be avoided. */
export function significant(x: number, digits = 4): string {
  if (x === 0) return '0';
  const size = Math.abs(x);
  if (size >= 1e7 || size < 1e-4) {
    const [mantissa, exponent] = size.toExponential(Math.min(digits - 1, 2)).split('e');
    return `${x < 0 ? '−' : ''}${mantissa} × 10${superscript(Number(exponent))}`;
  }
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  const text = size.toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return `${x < 0 ? '−' : ''}${text}`;
}

/** Three significant digits at most, none that are only zeros. */
export function tidy(x: number): string {
  const size = Math.abs(x);
  if (size !== 0 && (size >= 1e7 || size < 1e-4)) return significant(x, 3);
  const text = Number(size.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 6 });
  return x < 0 ? `−${text}` : text;
}

/** The same, or a dash where there is no number. */
export function orDash(
  x: number | null | undefined,
  say: (x: number) => string = significant,
): string {
  return x === null || x === undefined ? '–' : say(x);
}

/** With so many decimals and a true minus sign. */
export function fixed(x: number, decimals: number): string {
  const text = Math.abs(x).toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return x < 0 && Number(text.replaceAll(',', '')) !== 0 ? `−${text}` : text;
}

/** As `fixed`, with a plus sign above zero. */
export function signed(x: number, decimals: number): string {
  const text = fixed(x, decimals);
  return x > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** A probability, as tests quote it. */
export function chance(p: number): string {
  return p < 0.0001 ? '< 0.0001' : p.toFixed(4);
}

/** A share from 0 to 1 in percent; what is there is never nothing. */
export function percent(share: number, decimals = 1): string {
  const least = 10 ** -decimals;
  if (share > 0 && 100 * share < least / 2) return `< ${fixed(least, decimals)} %`;
  return `${fixed(100 * share, decimals)} %`;
}

/** `1 decision`, `2,000 decisions`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[], and = 'and'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${and} ${words[words.length - 1]}`;
}

/** With a capital letter and a full stop. */
export function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

/** No longer than so many characters, the end given up. */
export function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most
    ? text
    : `${characters.slice(0, Math.max(1, most - 1)).join('')}…`;
}

function superscript(n: number): string {
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  const text = [...String(Math.abs(n))].map((digit) => digits[Number(digit)]).join('');
  return n < 0 ? `⁻${text}` : text;
}
