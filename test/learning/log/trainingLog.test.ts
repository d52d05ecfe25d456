/** Learning curves, read back by independent means: a TFRecord parser and published checksums. */

import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TrainingLog } from '../../../src/learning/log/trainingLog.ts';
import { crc32c } from '../../../src/numeric/crc32c.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'revealed-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

test('crc32c gives the published check values', () => {
  // RFC 3720, B.4, and the check value of the CRC catalogue.
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
});

/** The records of an event file: wall time, step, tags and numbers. */
function events(path: string) {
  const file = readFileSync(path);
  const found: { step: number; numbers: Record<string, number> }[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    const message = file.subarray(at + 12, at + 12 + length);
    const masked = file.readUInt32LE(at + 12 + length);
    const rotated = (masked - 0xa282ead8) >>> 0;
    expect(((rotated >>> 17) | (rotated << 15)) >>> 0).toBe(crc32c(message));
    found.push(event(message));
    at += length + 16;
  }
  return found;
}

function* fields(message: Buffer): Generator<[field: number, value: Buffer | number]> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = message[at++];
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    const wire = key & 7;
    if (wire === 0) yield [key >> 3, varint()];
    else {
      const length = wire === 1 ? 8 : wire === 5 ? 4 : varint();
      yield [key >> 3, message.subarray(at, at + length)];
      at += length;
    }
  }
}

function event(message: Buffer) {
  const parts = new Map(fields(message));
  const numbers: Record<string, number> = {};
  const summary = parts.get(5);
  if (summary instanceof Buffer)
    for (const [, value] of fields(summary)) {
      const scalar = new Map(fields(value as Buffer));
      numbers[String(scalar.get(1))] = (scalar.get(2) as Buffer).readFloatLE();
    }
  return { step: Number(parts.get(2) ?? 0), numbers };
}

describe('TrainingLog', () => {
  test('the three files say the same', () => {
    const log = new TrainingLog(folder, ['return', 'loss']);
    log.add(1_000, { return: -250.5, loss: null });
    log.add(300_000, { return: 0, loss: Number.NaN });
    log.add(300_001, { loss: 0.25 });
    expect(read('curve.csv')).toBe('step,return,loss\n1000,-250.5,\n300000,0,\n300001,,0.25\n');
    expect(
      read('curve.jsonl')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { step: 1000, return: -250.5, loss: null },
      { step: 300000, return: 0, loss: null },
      { step: 300001, return: null, loss: 0.25 },
    ]);
    expect(events(join(folder, 'events.out.tfevents.revealed'))).toEqual([
      { step: 0, numbers: {} },
      { step: 1000, numbers: { return: -250.5 } },
      { step: 300000, numbers: { return: 0 } },
      { step: 300001, numbers: { loss: 0.25 } },
    ]);
    expect(() => log.add(4, { reward: 1 })).toThrow('Cannot log "reward": the columns are');
  });

  test('a log goes on from the step that was kept, to the same bytes', () => {
    const names = ['curve.csv', 'curve.jsonl', 'events.out.tfevents.revealed'];
    const whole = new TrainingLog(folder, ['return']);
    for (const step of [1, 2, 3]) whole.add(step, { return: step / 3 });
    const wanted = names.map((name) => readFileSync(join(folder, name)));
    const cut = new TrainingLog(folder, ['return']);
    for (const step of [1, 2]) cut.add(step, { return: step / 3 });
    appendFileSync(join(folder, 'curve.jsonl'), '{"step":3,"ret');
    new TrainingLog(folder, ['return'], 2).add(3, { return: 1 });
    expect(names.map((name) => readFileSync(join(folder, name)))).toEqual(wanted);
  });
});
