/**
 * HTML by template: what is put in is escaped, unless it is HTML already. Names come from users'
 * files, and whatever they hold (tags, quotes, control characters) must stay text.
 */

/** Text that is HTML already. */
export interface Html {
  readonly html: string;
}

/** What a template takes: HTML as it is, text escaped, lists joined, nothing as nothing. */
export type HtmlValue = Html | string | number | null | undefined | false | readonly HtmlValue[];

/** Template tag; attributes must be quoted with double quotes. */
export function html(parts: TemplateStringsArray, ...values: HtmlValue[]): Html {
  return {
    html: parts.map((part, i) => part + (i < values.length ? asHtml(values[i]) : '')).join(''),
  };
}

/** Takes text that is known to be well-formed HTML, such as a finished picture. */
export function trusted(text: string): Html {
  return { html: text };
}

function asHtml(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value));
  return 'html' in value ? value.html : value.map(asHtml).join('');
}

/** Escapes text for HTML and XML, in elements and in quoted attributes. */
export function escapeText(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/**
 * Replaces what no page can show, or what would turn the text around it: control characters, halves
 * of characters, and marks that change the direction of writing.
 */
export function printable(text: string): string {
  return text
    .replace(/[\n\r\t]+/g, ' ')
    .replace(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu, '\ufffd');
}
