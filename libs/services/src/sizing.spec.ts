import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Size, sizeFor } from './sizing';
import { SIZING_FIGURES } from './sizing-figures';

const size = (eventsPerSecond: number, series: number | null = null): Size =>
  sizeFor({ eventsPerSecond, series, retentionDays: 30, batchLingerMs: 200, batchMaxRecords: 5_000 });
const podsOf = (sized: Size): Record<string, number> =>
  Object.fromEntries(sized.services.map(({ service, pods }) => [service, pods]));

describe('the size of a deployment', () => {
  it.each([
    [100, { cells: 1, partitions: 24, enricher: 2, turns: 1, scorer: 1, insertsPerSecondAndTable: 25 }],
    [10_000, { cells: 1, partitions: 24, enricher: 2, turns: 2, scorer: 1, insertsPerSecondAndTable: 25 }],
    [100_000, { cells: 1, partitions: 24, enricher: 15, turns: 19, scorer: 2, insertsPerSecondAndTable: 25 }],
    [500_000, { cells: 5, partitions: 24, enricher: 15, turns: 19, scorer: 2, insertsPerSecondAndTable: 25 }],
    [1_050_000, { cells: 11, partitions: 24, enricher: 14, turns: 18, scorer: 2, insertsPerSecondAndTable: 25 }],
  ])('of %i events a second', (events, expected) => {
    const sized = size(events);
    const { enricher, turns, scorer } = podsOf(sized);
    const { cells, partitions, insertsPerSecondAndTable } = sized;
    expect({ cells, partitions, enricher, turns, scorer, insertsPerSecondAndTable }).toEqual(expected);
  });

  it('has a partition for each pod of a service, as a task has one owner', () => {
    for (let events = 100; events <= 1_000_000; events *= 1.5) {
      const sized = size(Math.floor(events));
      const readers = Object.entries(podsOf(sized)).filter(([service]) => service !== 'gateway');
      expect(Math.max(...readers.map(([, pods]) => pods))).toBeLessThanOrEqual(sized.partitions);
    }
  });

  it('keeps of topics and tables what their retention says, in all replicas', () => {
    const { kafka, clickhouse } = size(1_000, 10_000);
    expect(kafka.map(({ what, gigabytes }) => [what, gigabytes])).toEqual([
      ['telltale.raw.v1', Math.ceil((1_473 * 1_000 * 6 * 3_600 * 3) / 1e9)],
      ['telltale.events.v1', Math.ceil((2_808 * 1_000 * 7 * 86_400 * 3) / 1e9)],
      ['telltale.measures.v1', Math.ceil((160 * 2.7 * 1_000 * 7 * 86_400 * 3) / 1e9)],
      ['telltale.turns.v1', Math.ceil((154 * 1_000 * 7 * 86_400 * 3) / 1e9)],
    ]);
    expect(clickhouse.map(({ what, gigabytes }) => [what, gigabytes])).toEqual([
      ['events', Math.ceil((500 * 1_000 * 86_400 * 30 * 2) / 1e9)],
      ['series_windows', Math.ceil((100 * 1_000 * 86_400 * 30 * 2) / 1e9)],
    ]);
  });
});

describe('the figures that sizes rest on', () => {
  const page = readFileSync(join(__dirname, '../../../docs/BENCHMARKS.md'), 'utf8');
  /** Name and first number of each row of the table. */
  const rows = new Map(
    [...page.matchAll(/^\| ([^|]+) \| ([\d,.]+)/gm)].flatMap(([, names = '', value = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => [name, Number(value.replaceAll(',', ''))] as const),
    ),
  );
  const measured = Object.entries(SIZING_FIGURES).filter(([, { source }]) => source.startsWith('docs/BENCHMARKS.md: '));

  it.each(measured)('%s is what docs/BENCHMARKS.md says', (_, { source, value }) => {
    expect(rows.get(source.replace('docs/BENCHMARKS.md: ', ''))).toBe(value);
  });
  it.each(Object.entries(SIZING_FIGURES))('%s says whether it is measured or assumed', (_, { source }) => {
    expect(source).toMatch(/^(docs\/BENCHMARKS\.md: \w+|assumed: .+)$/);
  });
});
