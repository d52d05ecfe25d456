import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { escapeText, html, printable, trusted } from '../../../src/evaluation/report/html.ts';

describe('html', () => {
  test('html escapes what is put in, and leaves HTML as it is', () => {
    const inner = html`<b>${'a < b & "c"'}</b>`;
    expect(html`<p title="${'"x"'}">${inner}${[1, null, 'd']}${false}</p>`.html).toBe(
      '<p title="&quot;x&quot;"><b>a &lt; b &amp; &quot;c&quot;</b>1d</p>',
    );
    expect(html`${trusted('<i>')}`.html).toBe('<i>');
  });

  test('html gives back any text from an element and from an attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { document } = parseHTML(html`<p title="${text}">${text}</p>`.html);
        const p = document.querySelector('p');
        expect(document.querySelectorAll('*').length).toBe(1);
        expect(p?.textContent).toBe(printable(text));
        expect(p?.getAttribute('title')).toBe(printable(text));
      }),
    );
  });

  test('escapeText leaves no character that XML forbids or that turns text around', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeText(text)).not.toMatch(/[<>"'\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
    expect(escapeText('a\u0000b\u202ec\ud800d')).toBe('a\ufffdb\ufffdc\ufffdd');
  });
});
