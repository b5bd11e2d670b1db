import { type AnomalyRecord, measuresRecord, anomalyRecord, type SeriesWindowRow, TOPICS } from '@telltale/contracts';
import fc from 'fast-check';
import { scorerService, scorerConfig } from './index';
import { newTestTask, newTestRecord, outputsOf, rowsOf, type TestTask } from '@telltale/streaming/testing';
import { measureOf, newTestMeasure, type TestMeasure } from './measures.fixture';

const NOON = Date.parse('2026-03-02T12:00:00Z');
const W = 10_000;
const anomaliesOf = (effects: Parameters<typeof outputsOf>[0]): AnomalyRecord[] =>
  outputsOf<AnomalyRecord>(effects, TOPICS.anomalies.name);
const windowsOf = (effects: Parameters<typeof rowsOf>[0]): SeriesWindowRow[] =>
  rowsOf<SeriesWindowRow>(effects, 'series_windows');

/** Values around `median` that are the same every time. */
const values = (median: number, i: number, n = 10): number[] =>
  Array.from({ length: n }, (_, j) => median * Math.exp(0.3 * Math.sin(i * 7.3 + j * 2.1)));

/** Live traffic: a range every window, whose measures arrive as they happen. */
function live(task: TestTask, from: number, windows: number, median: number, errors = 0): AnomalyRecord[] {
  const found: AnomalyRecord[] = [];
  for (let i = 0; i < windows; i++) {
    const start = from + i * W;
    const measure = newTestMeasure(start, values(median, i), start + W - 1, {}, errors);
    found.push(...anomaliesOf(task.run({ now: start + W, records: [measureOf(measure)] })));
    for (let now = start + W + 1_000; now < start + 2 * W; now += 1_000)
      if (task.task.due(now)) found.push(...anomaliesOf(task.run({ now, records: [] })));
  }
  return found;
}

const newSut = () => newTestTask(scorerService.open(scorerConfig.parse({}), { partitions: 1 }));

describe('the scorer', () => {
  it('merges the parts of a window and scores it once the watermark has passed it by the grace', () => {
    const sut = newSut();
    const part = (numbers: number[], watermark: number, source = 'a') =>
      measureOf(newTestMeasure(NOON, numbers, watermark, { source }, 1));
    expect(windowsOf(sut.run({ now: NOON + 4_000, records: [part([100, 200], NOON + 3_000)] }))).toEqual([]);
    expect(windowsOf(sut.run({ now: NOON + 11_000, records: [part([300, 400], NOON + W + 1_999)] }))).toEqual([]);
    const [row, ...more] = windowsOf(
      sut.run({ now: NOON + 13_000, records: [measureOf(newTestMeasure(NOON + W, [5], NOON + W + 2_000, { source: 'a' }))] }),
    );
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      window_start: '2026-03-02T12:00:00.000Z',
      count: 4,
      sum: 1000,
      min: 100,
      max: 400,
      errors: 2,
      score: null,
      backfill: false,
    });
    expect(Math.abs((row?.p50 ?? 0) - 200)).toBeLessThan(3);
    expect(row?.p95).toBeGreaterThan(295);
    // Another window waits: that of the series and that of all tools together.
    expect([...sut.state.keys()].filter((k) => k.startsWith('w/'))).toHaveLength(2);
  });

  const tomorrow = 86_400_000;
  it.each([
    ['events bore the right time', 0],
    ['events bore the wrong time, too', tomorrow],
  ])('scores live windows as before once a clock that was a day ahead is set right, when %s', (_, ahead) => {
    const sut = newSut();
    live(sut, NOON, 6, 100);
    for (let i = 6; i < 10; i++) {
      const start = NOON + ahead + i * W;
      sut.run({ now: NOON + tomorrow + (i + 1) * W, records: [measureOf(newTestMeasure(start, values(100, i), start + W - 1))] });
    }
    // Then nothing comes, and time alone moves the watermark.
    for (let now = NOON + tomorrow + 11 * W; now < NOON + tomorrow + 20 * W; now += 5_000) sut.run({ now, records: [] });

    const rows: SeriesWindowRow[] = [];
    for (let i = 20; i < 40; i++) {
      const start = NOON + i * W;
      const measure = measureOf(newTestMeasure(start, values(100, i), start + W - 1));
      rows.push(...windowsOf(sut.run({ now: start + W, records: [measure] })));
      for (let now = start + W + 1_000; now < start + 2 * W; now += 1_000)
        if (sut.task.due(now)) rows.push(...windowsOf(sut.run({ now, records: [] })));
    }
    const own = rows.filter(({ dimensions }) => dimensions['name'] === 'search');
    const since = own.filter(({ window_start: start }) => Date.parse(start) >= NOON + 21 * W);
    expect(since.length).toBeGreaterThan(15);
    expect(since.filter(({ backfill, late }) => backfill || late)).toEqual([]);
  });

  it('waits for the slowest live source, and lets an idle one step aside', () => {
    const sut = newSut();
    const from = (source: string, at: number, watermark: number) => measureOf(newTestMeasure(at, [1], watermark, { source }));
    sut.run({ now: NOON, records: [from('a', NOON, NOON), from('b', NOON, NOON)] });
    expect(windowsOf(sut.run({ now: NOON + 9_000, records: [from('a', NOON + W, NOON + 60_000)] }))).toEqual([]);
    expect(sut.task.due(NOON + 9_999)).toBe(false);
    expect(sut.task.due(NOON + 13_000)).toBe(false); // a's watermark cannot be ahead of the time it came
    expect(windowsOf(sut.run({ now: NOON + 13_000, records: [from('a', NOON + W, NOON + 13_000)] }))).toHaveLength(1);
  });

  it('waits for no source whose measures say nothing of time, and goes by time itself where there is no other', () => {
    const turnOf = (at: number) => measureOf({ ...newTestMeasure(at, [1], 0, { metric: 'turn.calls', source: 'telltale.turns/0' }), watermark: null });
    const sut = newSut();
    sut.run({ now: NOON, records: [turnOf(NOON), measureOf(newTestMeasure(NOON, [1], NOON))] });
    const spoke = (after: number) => sut.run({ now: NOON + after, records: [measureOf(newTestMeasure(NOON + after, [1], NOON + after))] });
    spoke(7_000);
    const effects = spoke(12_500);
    expect(windowsOf(effects).map(({ metric, late }) => [metric, late])).toEqual(
      expect.arrayContaining([['operation.duration', false], ['turn.calls', false]]),
    );
    const alone = newSut();
    alone.run({ now: NOON + 1, records: [turnOf(NOON)] });
    expect(alone.task.due(NOON + 11_999)).toBe(false);
    expect(alone.task.due(NOON + 12_000)).toBe(true);
    expect(windowsOf(alone.run({ now: NOON + 12_000, records: [] }))).toHaveLength(1);
  }); // prettier-ignore

  it('goes by time itself when all sources are idle, and says so through due', () => {
    const sut = newSut();
    sut.run({ now: NOON + 1, records: [measureOf(newTestMeasure(NOON, [1], NOON))] });
    expect(sut.task.due(NOON + 10_000)).toBe(false);
    expect(sut.task.due(NOON + 12_000)).toBe(true);
    expect(windowsOf(sut.run({ now: NOON + 12_000, records: [] }))).toHaveLength(1);
    expect(sut.task.due(NOON + 13_000)).toBe(false);
  });

  it('adds a part that comes after its window was scored to its rows, and to nothing else', () => {
    const [sut, other] = [newSut(), newSut()];
    for (const task of [sut, other]) live(task, NOON, 20, 100);
    const now = NOON + 20 * W;
    const late = [[9e9], [3, 4]].map((numbers) => newTestMeasure(NOON + 5 * W, numbers, now, {}, 1));
    const unknown = newTestMeasure(NOON, [7], now, { metric: 'llm.tokens' });
    const effects = sut.run({ now, records: [...late, unknown].map(measureOf) });
    const without = other.run({ now, records: [measureOf(newTestMeasure(NOON + 5 * W, [9e9], now))] });
    expect(effects.counts).toMatchObject({ late_measures: 3 });
    const amended = { late: true, expected: null, score: null, backfill: false };
    expect(windowsOf(effects)).toMatchObject([
      { ...amended, window_start: '2026-03-02T12:00:50.000Z', count: 3, sum: 9e9 + 7, min: 3, max: 9e9, errors: 2 },
      { ...amended, window_start: '2026-03-02T12:00:00.000Z', metric: 'llm.tokens', count: 1, sum: 7 },
    ]);
    // What was learnt and what is known are the same with three late parts as with one.
    expect([...sut.state]).toEqual([...other.state]);
    expect([...effects.state]).toEqual([...without.state]);
    expect(effects.outputs).toEqual([]);
    expect(live(sut, now, 20, 100)).toEqual(live(other, now, 20, 100));
    expect([...sut.state]).toEqual([...other.state]);
  });

  it('has every measure in its rows, however late its parts come', () => {
    let lateInAll = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(40), fc.nat(60), fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 60 }),
        (parts) => {
          const sut = newSut();
          const rows: SeriesWindowRow[] = [];
          let [time, sent, late] = [NOON, 0, 0];
          const run = (now: number, records: readonly TestMeasure[]): void => {
            const effects = sut.run({ now, records: records.map(measureOf) });
            rows.push(...windowsOf(effects));
            late += effects.counts?.['late_measures'] ?? 0;
          };
          const passTo = (until: number): void => {
            for (; time < until; time += 5_000) if (sut.task.due(time)) run(time, []);
          };
          parts.sort(([, a], [, b]) => a - b);
          for (const [window, arrival, count] of parts) {
            passTo(NOON + arrival * W);
            run(time, [newTestMeasure(NOON + Math.min(window, arrival) * W, Array<number>(count).fill(count), time)]);
            sent += count;
          }
          passTo(NOON + 100 * W);
          lateInAll += late;
          expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(sent);
          const scored = rows.filter((row) => !row.late).map((row) => row.window_start);
          expect(new Set(scored).size).toBe(scored.length);
        },
      ),
      { numRuns: 50 },
    );
    expect(lateInAll).toBeGreaterThan(0);
  });

  it('leaves windows for the next range when there are too many for one, and loses none', () => {
    const sut = newTestTask(scorerService.open(scorerConfig.parse({ SCORER_MAX_WINDOWS_PER_BATCH: 40 }), { partitions: 1 }));
    const records = Array.from({ length: 100 }, (_, i) =>
      measureOf(newTestMeasure(NOON, [i], NOON, { dimensions: { service_name: `s${i}` } })),
    );
    sut.run({ now: NOON + 1, records });
    const scored: number[] = [];
    for (let now = NOON + 12_000; sut.task.due(now); now++) scored.push(windowsOf(sut.run({ now, records: [] })).length);
    // Forty at a time, of which some are parents, that have no rows.
    expect(Math.max(...scored)).toBeLessThanOrEqual(40);
    expect(scored.reduce((a, b) => a + b, 0)).toBe(100);
  });

  it('opens an anomaly on a slowdown and closes it with the same id when it is over', () => {
    const sut = newSut();
    expect(live(sut, NOON, 60, 1_000)).toEqual([]);
    const [opened, ...more] = live(sut, NOON + 60 * W, 6, 4_000);
    expect(more).toEqual([]);
    expect(anomalyRecord.parse(opened)).toMatchObject({
      tenant: 'acme',
      metric: 'operation.duration',
      state: 'open',
      ended_at: null,
      backfill: false,
      direction: 'up',
    });
    expect(Date.parse(opened?.started_at ?? '') - NOON).toBeLessThanOrEqual(62 * W);
    expect(opened?.expected_high).toBeLessThan(opened?.value ?? 0);
    expect(opened?.summary).toContain('tool search of shop took');
    const [closed, ...rest] = live(sut, NOON + 66 * W, 20, 1_000);
    expect(rest).toEqual([]);
    expect(closed).toMatchObject({ id: opened?.id, state: 'closed', started_at: opened?.started_at });
    expect(closed?.value).toBeGreaterThanOrEqual(opened?.value ?? Infinity);
    expect(closed?.windows).toBeGreaterThanOrEqual(5);
  });

  it('names the share of errors as a metric of its own', () => {
    const sut = newSut();
    live(sut, NOON, 60, 1_000);
    const [opened] = live(sut, NOON + 60 * W, 8, 1_000, 5);
    expect(opened).toMatchObject({ metric: 'operation.error_ratio', state: 'open', channel: 'errors' });
    expect(opened?.value).toBeGreaterThan(0.3);
  });

  it('ends an anomaly whose series is silent for five minutes', () => {
    const sut = newSut();
    live(sut, NOON, 60, 1_000);
    const [opened] = live(sut, NOON + 60 * W, 6, 4_000);
    const last = NOON + 66 * W;
    sut.run({ now: last + 12_000, records: [] });
    expect(sut.task.due(last + 299_000)).toBe(false);
    expect(sut.task.due(last + 300_000)).toBe(true);
    const [closed] = anomaliesOf(sut.run({ now: last + 300_000, records: [] }));
    expect(closed).toMatchObject({ id: opened?.id, state: 'closed', ended_at: new Date(last).toISOString() });
    expect(sut.task.due(last + 400_000)).toBe(false);
  });

  it('takes in history beside live data: waits a moment, then scores by event time, marked as backfill', () => {
    const sut = newSut();
    live(sut, NOON, 5, 100);
    const now = NOON + 5 * W;
    const old = NOON - 86_400_000;
    const about = { metric: 'turn.duration', dimensions: { service_name: 'old' } };
    const records = [20, 0, 10, 0].map((s) => measureOf(newTestMeasure(old + s * 1_000, [50], now, about)));
    expect(windowsOf(sut.run({ now, records }))).toEqual([]);
    expect(sut.task.due(now + 2_000)).toBe(true);
    const rows = windowsOf(sut.run({ now: now + 2_000, records: [] })).filter((r) => r.metric === 'turn.duration');
    expect(rows.map((r) => [Date.parse(r.window_start) - old, r.count, r.backfill])).toEqual([
      [0, 2, true],
      [10_000, 1, true],
      [20_000, 1, true],
    ]);
  });

  const broken = (change: Partial<Record<keyof TestMeasure, unknown>>, values = [1]) =>
    measureOf({ ...newTestMeasure(NOON, values, NOON), ...change } as TestMeasure).value?.toString() ?? '';
  it.each([
    ['no JSON', '{"tenant":"secret', 'undecodable', 'position'],
    ['a count below zero', broken({ count: -1 }), 'invalid_field', 'count'],
    ['no time', broken({ window_start: 'noon' }), 'invalid_field', 'window_start'],
    ['no sketch', broken({ sketch: 'AAAA////' }, [1, 2]), 'invalid_field', 'sketch'],
  ] as const)('sends %s to the DLQ with its reason and works on', (_, value, reason, named) => {
    const sut = newSut();
    const effects = sut.run({
      now: NOON + 1,
      records: [newTestRecord(TOPICS.measures.name, value), measureOf(newTestMeasure(NOON, [1], NOON))],
    });
    expect(effects.rejections).toMatchObject([{ reason, error: expect.stringContaining(named) as string, tenant: 'acme' }]);
    expect(effects.rejections[0]?.error).not.toContain('secret');
    expect(effects.state.size).toBe(5);
  });
});

it('takes only valid measures from its own fixture', () => {
  const record: unknown = JSON.parse(measureOf(newTestMeasure(NOON, [1], NOON)).value?.toString() ?? '');
  expect(measuresRecord.safeParse(record).success).toBe(true);
});
