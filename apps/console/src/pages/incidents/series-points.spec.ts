import { type Anomaly, type Window } from './questions';
import { segmentsOf, rowsHref, thresholdOf } from './strip-segments';
import { statisticOf, stepMsOf, stepsOf, unitOf } from './series-points';

const AT = Date.parse('2026-03-16T10:00:00Z');
const window = (second: number, of: Partial<Window> = {}): Window => ({
  metric: 'operation.duration', dimensions: {}, window_start: new Date(AT + second * 1_000).toISOString(), count: 2, sum: 20, min: 5, max: 15, errors: 0, p50: 10, p95: 15, expected: null, score: 0, backfill: false, late_count: 0, ...of,
}); // prettier-ignore
const anomaly = (of: Partial<Anomaly> = {}): Anomaly => ({
  tenant: 'a', id: 'a1', series_id: 's1', metric: 'operation.duration', dimensions: { service_name: 'shop', kind: 'tool', name: 'a "b"' }, state: 'closed', started_at: new Date(AT + 20_000).toISOString(), ended_at: new Date(AT + 40_000).toISOString(),
  direction: 'up', value: 99, expected: 10, expected_low: 8, expected_high: 12, score: 9, windows: 2, backfill: false, summary: 'slow', kind: 'deviation', channel: 'value', parent_anomaly_id: '', in_maintenance: false, ...of,
}); // prettier-ignore

describe('the points of a series', () => {
  it.each([
    ['operation.duration', 'value', 'deviation', 'p50', 'ms'],
    ['operation.duration', 'p95', 'deviation', 'p95', 'ms'],
    ['turn.cost', 'calls', 'deviation', 'max', 'nano_usd'],
    ['operation.error_ratio', 'errors', 'deviation', 'share', 'share'],
    ['turn.unhelped', 'errors', 'deviation', 'share', 'share'],
    ['turn.count', 'level_shift', 'deviation', 'per_minute', 'number'],
    ['error.count', 'value', 'deviation', 'count', 'number'],
    ['operation.duration', 'no_data', 'no_data', 'count', 'number'],
    ['llm.cache_read_share', 'value', 'deviation', 'p50', 'share'],
    ['score', 'drift', 'drift', 'p50', 'number'],
  ] as const)('%s seen by %s (%s) are its %s in %s', (metric, channel, kind, statistic, unit) => {
    expect(statisticOf({ metric, channel, kind })).toBe(statistic);
    expect(unitOf(metric, statistic)).toBe(unit);
  });

  it('are as many as fit, and say where there was nothing', () => {
    expect(stepMsOf(AT, AT + 3_600_000, 200)).toBe(30_000);
    const steps = stepsOf(
      [window(0, { p50: 10, count: 1 }), window(10, { p50: 40, count: 2 }), window(65)],
      'p50',
      AT,
      AT + 90_000,
      3,
    );
    expect(steps.map(({ value, windows }) => [value, windows])).toEqual([[30, 2], [null, 0], [10, 1]]); // prettier-ignore
  });

  it.each([
    ['share', 0.25],
    ['count', 4 / 3],
    ['per_minute', 8],
    ['max', 15],
  ] as const)('of several windows together by %s are %d', (statistic, value) => {
    const steps = stepsOf([window(0), window(10, { errors: 1 })], statistic, AT, AT + 30_000, 1);
    expect(steps[0]?.value).toBeCloseTo(value, 10);
  });
});

describe('the strip of evaluations', () => {
  const steps = stepsOf([window(0), window(10, { score: null }), window(20, { p50: 99 }), window(30, { p50: 99 }), window(40, { p50: 99 }), window(60)], 'p50', AT, AT + 70_000, 100); // prettier-ignore

  it('says of each stretch how it was judged, from the first to the last', () => {
    const range = anomaly();
    expect(segmentsOf(steps, [range], range, AT + 70_000).map(({ verdict, from, to }) => [verdict, (from - AT) / 1_000, (to - AT) / 1_000])).toEqual([
      ['usual', 0, 10], ['unjudged', 10, 20], ['anomaly', 20, 40], ['beyond', 40, 50], ['empty', 50, 60], ['usual', 60, 70],
    ]);
  }); // prettier-ignore

  it('lasts until now where the anomaly does', () => {
    const open = anomaly({ ended_at: null, state: 'open' });
    expect(segmentsOf(steps, [open], open, AT + 70_000).at(-1)).toEqual({
      verdict: 'anomaly',
      from: AT + 20_000,
      to: AT + 70_000,
    });
  });

  it('has the bound that was passed', () => {
    expect([thresholdOf(anomaly()), thresholdOf(anomaly({ direction: 'down' })), thresholdOf(anomaly({ kind: 'no_data' }))]).toEqual([12, 8, null]); // prettier-ignore
  });

  it('leads to the rows behind it', () => {
    const ofTool = new URL(rowsHref(anomaly(), AT, AT + 10_000), 'http://x');
    expect([ofTool.pathname, ofTool.searchParams.get('where')]).toEqual([
      '/explore',
      'service_name:"shop" kind:"tool" name:"a \\"b\\""',
    ]);
    const ofTurns = rowsHref(anomaly({ metric: 'turn.duration', dimensions: { service_name: 'shop' } }), AT, AT + 10_000);
    expect(ofTurns).toBe('/turns?service=shop&since=2026-03-16T10%3A00%3A00.000Z&until=2026-03-16T10%3A00%3A10.000Z');
  });
});
