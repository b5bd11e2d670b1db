import fc from 'fast-check';
import { createBaselines } from '@telltale/domain-detector';
import { createDueWindows, type DueWindows } from './due-windows';
import { createSeriesTable, type Series } from './series';

const seriesOf = (id: string, isParent = false): Series =>
  createSeriesTable(createBaselines()).add({ id, tenant: 'acme', metric: 'turn.count', dimensions: {}, isParent });

/** The key that orders windows of one time. */
const keyOf = ({ isParent, id }: Series, start: number): string => `${isParent ? 1 : 0}/${id}/${start}`;

function drain(sut: DueWindows, time: number): string[] {
  const keys: string[] = [];
  for (let due = sut.takeUntil(time); due; due = sut.takeUntil(time)) keys.push(keyOf(due.series, due.start));
  return keys;
}

describe('windows that are due', () => {
  it('come by time, then parts before parents, then by id and start, whatever the order in which they were added', () => {
    const ids = [
      'a',
      'ab',
      'a-b',
      'b',
      'ä',
      '0123456789ab',
      '0123456789ac',
      '0123456',
      '01234ef',
      '0123456-',
      'f123456',
      '012345-7',
      'ABCDEF01',
    ];
    const all = ids.flatMap((id) => [seriesOf(id), seriesOf(`${id}p`, true)]);
    const entry = fc.record({
      at: fc.constantFrom(10, 20, 30),
      series: fc.constantFrom(...all),
      start: fc.constantFrom(9, 10, 100),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), fc.nat(40), (entries, cut) => {
        const sut = createDueWindows();
        const expected = entries.map(({ at, series, start }) => ({ at, key: keyOf(series, start) }));
        const inOrder = expected.slice(0, cut).sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
        for (const { at, series, start } of entries.slice(0, cut)) sut.add(at, { series, start });
        // One is taken, and more come for times that were begun.
        const first = sut.takeUntil(30);
        expect(first && keyOf(first.series, first.start)).toBe(inOrder[0]?.key);
        for (const { at, series, start } of entries.slice(cut)) sut.add(at, { series, start });
        const left = [...inOrder.slice(1), ...expected.slice(cut)].sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
        expect(sut.earliest()).toBe(left[0]?.at ?? Infinity);
        expect(drain(sut, 30)).toEqual(left.map(({ key }) => key));
      }),
    );
  });

  it('are not taken before their time', () => {
    const sut = createDueWindows();
    const series = seriesOf('a');
    sut.add(20, { series, start: 1 });
    sut.add(10, { series, start: 2 });
    expect([sut.takeUntil(9), sut.takeUntil(19)?.start, sut.takeUntil(19), sut.earliest()]).toEqual([
      undefined,
      2,
      undefined,
      20,
    ]);
  });
});
