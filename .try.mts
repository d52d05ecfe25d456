const [file, fn] = process.argv.slice(2);
const m = await import(file);
const q = m[fn]();
const t = performance.now();
const g = q.ask(0);
let r = g.next();
while (!r.done) r = g.next();
const a = r.value;
console.log(a.sentence, '\n');
for (const f of a.findings) console.log(f.holds ? '✓' : '✗', f.law ? '(law)' : '', f.claim, '—', f.evidence);
for (const t of a.tables) { console.log('\n' + t.title); console.table([t.columns, ...t.rows.map((r: any) => r.map((x: any) => typeof x === 'number' ? +x.toPrecision(4) : x))]); console.log(t.note); }
for (const c of a.charts) { console.log('\nCHART', c.name, c.title); for (const s of c.series) console.log(' ', s.name, s.points.map((p: any) => `${p.x}:${(+p.y).toPrecision(3)}${p.low !== undefined ? `[${p.low.toPrecision(3)},${p.high.toPrecision(3)}]` : ''}`).join(' ')); console.log(JSON.stringify(c.marks ?? [])); }
console.log('seconds', (performance.now() - t) / 1000);
