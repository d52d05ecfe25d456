/**
 * Fits side by side as a LaTeX tabular with the rules of booktabs. It needs `\usepackage{booktabs}`
 * and compiles with any engine and encoding: names are escaped, all of it is ASCII, and characters
 * that LaTeX has no command for stand as their number.
 */

import type { FitTable } from './fitTable.ts';

export function fitTableLatex({ columns, rows, measures, notes }: FitTable): string {
  const line = (cells: readonly string[]): string => `${cells.join(' & ')} \\\\`;
  const width = columns.length + 1;
  const lines = [
    '% needs \\usepackage{booktabs}',
    `\\begin{tabular}{l${'c'.repeat(columns.length)}}`,
    '\\toprule',
    line(['', ...columns.map((_, i) => `(${i + 1})`)]),
    line(['', ...columns.map(latexText)]),
    '\\midrule',
    ...rows.flatMap(({ parameter, entries }) => [
      line([
        latexText(parameter),
        ...entries.map((entry) =>
          entry
            ? `${latexText(entry.estimate)}${entry.stars ? `\\textsuperscript{${entry.stars}}` : ''}`
            : '',
        ),
      ]),
      line(['', ...entries.map((entry) => (entry ? `(${latexText(entry.below)})` : ''))]),
    ]),
    '\\midrule',
    ...measures.map(({ name, values }) => line([latexText(name), ...values.map(latexText)])),
    '\\bottomrule',
    ...notes.map((note) =>
      line([`\\multicolumn{${width}}{p{0.9\\linewidth}}{\\footnotesize ${latexText(note)}}`]),
    ),
    '\\end{tabular}',
  ];
  return `${lines.join('\n')}\n`;
}

const special: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  _: '\\_',
  '%': '\\%',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\ensuremath{<}',
  '>': '\\ensuremath{>}',
  '|': '\\ensuremath{|}',
  '"': "''",
  // A bracket at the start of a row would be taken for an option of the line end before it.
  '[': '{[}',
  ']': '{]}',
  '*': '{*}',
  '−': '\\ensuremath{-}',
  '∞': '\\ensuremath{\\infty}',
  '–': '--',
  '—': '---',
  '·': '\\ensuremath{\\cdot}',
  '×': '\\ensuremath{\\times}',
  '±': '\\ensuremath{\\pm}',
  '≤': '\\ensuremath{\\le}',
  '≥': '\\ensuremath{\\ge}',
  '→': '\\ensuremath{\\to}',
  '‘': '`',
  '’': "'",
  '“': '``',
  '”': "''",
  '…': '\\ldots{}',
  '°': '\\ensuremath{^\\circ}',
  '€': 'EUR',
};

const greek: Readonly<Record<string, string>> = {
  α: 'alpha',
  β: 'beta',
  γ: 'gamma',
  δ: 'delta',
  ε: 'varepsilon',
  ζ: 'zeta',
  η: 'eta',
  θ: 'theta',
  ι: 'iota',
  κ: 'kappa',
  λ: 'lambda',
  μ: 'mu',
  µ: 'mu',
  ν: 'nu',
  ξ: 'xi',
  π: 'pi',
  ρ: 'rho',
  σ: 'sigma',
  τ: 'tau',
  υ: 'upsilon',
  φ: 'varphi',
  χ: 'chi',
  ψ: 'psi',
  ω: 'omega',
  Γ: 'Gamma',
  Δ: 'Delta',
  Θ: 'Theta',
  Λ: 'Lambda',
  Ξ: 'Xi',
  Π: 'Pi',
  Σ: 'Sigma',
  Φ: 'Phi',
  Ψ: 'Psi',
  Ω: 'Omega',
};

const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  ı: 'i',
};

/** Commands of combining marks, by the mark. */
const accents: Readonly<Record<string, string>> = {
  '\u0300': '`',
  '\u0301': "'",
  '\u0302': '^',
  '\u0303': '~',
  '\u0304': '=',
  '\u0306': 'u',
  '\u0307': '.',
  '\u0308': '"',
  '\u030a': 'r',
  '\u030b': 'H',
  '\u030c': 'v',
  '\u0327': 'c',
};

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';

/** A text of any characters as LaTeX text. */
function latexText(text: string): string {
  return Array.from(text.normalize('NFC'), latexCharacter).join('');
}

function latexCharacter(character: string): string {
  if (Object.hasOwn(special, character)) return special[character];
  if (Object.hasOwn(greek, character)) return `\\ensuremath{\\${greek[character]}}`;
  if (Object.hasOwn(letters, character)) return `\\${letters[character]}{}`;
  const power = SUPERSCRIPTS.indexOf(character);
  if (power >= 0) return `\\textsuperscript{${power}}`;
  const index = SUBSCRIPTS.indexOf(character);
  if (index >= 0) return `\\textsubscript{${index}}`;
  const code = character.codePointAt(0) ?? 0;
  // Line ends and other control characters; an empty line would end the paragraph.
  if (code < 0x20 || (code >= 0x7f && code <= 0xa0)) return ' ';
  if (code < 0x7f) return character;
  const [base, mark, ...more] = character.normalize('NFD');
  if (/^[A-Za-z]$/.test(base) && Object.hasOwn(accents, mark ?? '') && more.length === 0)
    return `\\${accents[mark]}{${base}}`;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
