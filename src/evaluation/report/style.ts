/** How the report looks: on a wide or narrow screen, light or dark, and on paper. */

import { paletteCss } from './palette.ts';

export function styleSheet(): string {
  return `
${paletteCss()}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.6 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
header, main, footer { max-width: 848px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 56px; }
h1, h2, h3 { font-family: "Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", "Source Serif 4", Georgia, "DejaVu Serif", serif;
  line-height: 1.25; text-wrap: balance; overflow-wrap: anywhere; }
h1 { font-size: 2.1rem; font-weight: 600; margin: 0 0 20px; }
h2 { font-size: 1.45rem; font-weight: 600; margin: 0 0 14px; }
h3 { font-size: 1.08rem; font-weight: 600; margin: 28px 0 10px; }
.kicker { margin: 0 0 6px; color: var(--muted); font-size: .85rem; letter-spacing: .04em; overflow-wrap: anywhere; }
section { padding: 34px 0 10px; border-top: 1px solid var(--line); margin-top: 26px; scroll-margin-top: 8px; }
p, dd, li { overflow-wrap: anywhere; }
p { margin: 0 0 14px; }
a { color: var(--series-1); }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0; padding: 0; font-size: .9rem; }
nav a { text-decoration: none; }
nav a:hover, nav a:focus-visible { text-decoration: underline; }
#in-short { border-top: 0; margin-top: 18px; padding: 22px 24px 10px; background: var(--panel); border-radius: 10px; }
.meaning { font-family: "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, "DejaVu Serif", serif; font-size: 1.12rem; line-height: 1.5; }
.points { padding-left: 1.15em; margin: 0 0 14px; }
.points li { margin: 0 0 7px; }
.note { color: var(--muted); font-size: .9rem; }
.muted, .error { color: var(--muted); }
.good { color: var(--good); }
.bad { color: var(--bad); }
.warn { color: var(--warn); }
.alarm { border-left: 3px solid var(--bad); padding: 2px 0 2px 14px; }
code { font: .9em ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre { background: var(--panel); border-radius: 8px; padding: 14px 16px; overflow-x: auto; font-size: .88rem; line-height: 1.5; }
.hash { font-size: .74rem; color: var(--muted); }
.facts { display: grid; grid-template-columns: minmax(7.5em, max-content) 1fr; gap: 6px 20px; margin: 0 0 18px; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; min-width: 0; }
.scroll { overflow-x: auto; margin: 0 0 18px;
  background: linear-gradient(to left, var(--page) 40%, transparent) right / 40px 100% no-repeat local,
    linear-gradient(to left, var(--line), transparent) right / 14px 100% no-repeat scroll; }
details { margin: 0 0 18px; }
summary { cursor: pointer; color: var(--muted); font-size: .9rem; margin: 0 0 10px; }
details caption { display: none; }
.scroll:focus-visible { outline: 2px solid var(--series-1); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .84rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--muted); padding: 0 0 8px; font-size: .9rem; }
caption span { display: block; max-width: min(800px, calc(100vw - 40px)); position: sticky; left: 0; }
.group th { padding-top: 14px; color: var(--muted); max-width: none; }
.names { color: var(--muted); font-size: .9rem; margin-top: -4px; }
th, td { padding: 5px 14px 5px 0; vertical-align: top; }
th:last-child, td:last-child { padding-right: 2px; }
thead th { color: var(--muted); font-weight: 500; border-bottom: 1.5px solid var(--line); vertical-align: bottom; }
tbody tr { border-bottom: 1px solid var(--line); }
tbody th { font-weight: 500; text-align: left; min-width: 9.5em; max-width: 20em; overflow-wrap: anywhere; }
.number { text-align: right; white-space: nowrap; }
thead .number { white-space: normal; }
.words { text-align: left; min-width: 7em; max-width: 26em; overflow-wrap: anywhere; }
figure { margin: 18px 0 26px; }
figcaption { font-size: .9rem; color: var(--muted); margin: 0 0 10px; overflow-wrap: anywhere; }
figcaption strong { color: var(--ink); }
figure svg { display: block; max-width: 100%; height: auto; overflow: visible; }
figure svg text { white-space: pre; }
.narrow { display: none; }
footer { color: var(--muted); font-size: .85rem; padding-top: 26px; padding-bottom: 40px; }
@media (max-width: 847px) {
  header, main, footer { padding-left: 18px; padding-right: 18px; }
  header { padding-top: 30px; }
  h1 { font-size: 1.6rem; }
  #in-short { padding: 18px 18px 6px; margin-left: -6px; margin-right: -6px; }
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { margin-bottom: 10px; }
  .wide { display: none; }
  .narrow { display: block; }
}
@media print {
  body { font-size: 10.5pt; }
  header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  nav { display: none; }
  .wide { display: block; }
  .narrow { display: none; }
  figure, tr, .alarm { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .scroll { overflow: visible; }
  table { font-size: 8pt; }
}
`.trim();
}
