import { createTextArena } from '@telltale/streaming';
import * as fc from 'fast-check';
import { insertBody } from './insert-body';

const bodyOf = (rows: Parameters<typeof insertBody>[0]): string => Buffer.concat([...insertBody(rows)].map((piece) => Buffer.from(piece))).toString(); // prettier-ignore
const json = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => JSON.stringify(text));

describe('the body of an insert', () => {
  it('has a line for each row, however its bytes lie in memory', () => {
    const arena = createTextArena();
    const row = fc.record({ text: json, as: fc.constantFrom('text', 'bytes', 'arena', 'arena', 'gap') });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
        arena.startBatch();
        const given = rows.map(({ text, as }) => {
          if (as === 'text') return text;
          if (as === 'bytes') return Buffer.from(text);
          if (as === 'gap') arena.add('dropped');
          return arena.add(text);
        });
        expect(bodyOf(given)).toBe(rows.map(({ text }) => text).join('\n'));
      }),
    );
  });

  it('is one piece where rows lie behind one another', () => {
    const arena = createTextArena();
    arena.startBatch();
    expect([...insertBody(['{"a":1}', '{"b":2}', '{"c":3}'].map((row) => arena.add(row)))]).toHaveLength(1);
    expect([...insertBody(['{"a":1}', '{"b":2}'])]).toEqual(['{"a":1}\n{"b":2}']);
  });

  it('does not take bytes for neighbours that something else lies between', () => {
    const memory = Buffer.from('"a","b"');
    expect(bodyOf([memory.subarray(0, 3), memory.subarray(4)])).toBe('"a"\n"b"');
  });
});
