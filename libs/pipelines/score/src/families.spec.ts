import { type AnomalyRecord } from '@telltale/contracts';
import { seriesId } from '@telltale/domain-metrics';
import { createDice, DAY_MS, HOUR_MS, MINUTE_MS } from '@telltale/kernel';
import { backtest, type BacktestSeries } from './backtest';
import { type OpenWindow, windowOf } from './state/window';

const W = 10_000;
const WINDOWS = 2_000;
/** When the fault begins. */
const FAULT = 1_900;

type Dimensions = Readonly<Record<string, string>>;
function seriesOf(metric: string, about: Dimensions, windows: OpenWindow[]): BacktestSeries {
  const dimensions = { service_name: 'shop', ...about };
  return { id: seriesId('acme', metric, Object.entries(dimensions).flat()), tenant: 'acme', metric, dimensions, windows };
}

/** Ten values a window; `errors` of them fail from the fault on, and one in twenty windows before. */
function failing(metric: string, dimensions: Dimensions, errors: number, from = FAULT): BacktestSeries {
  const dice = createDice(metric.length + JSON.stringify(dimensions).length);
  const windows = Array.from({ length: WINDOWS }, (_, i) => {
    const values = Array.from({ length: 10 }, () => 500 * Math.exp(0.2 * dice.normal()));
    return windowOf(i * W, values, i >= from ? errors : i % 20 === 0 ? 1 : 0);
  });
  return seriesOf(metric, dimensions, windows);
}

/** One in so many windows before the fault, `count` in each from then on. */
function counted(metric: string, dimensions: Dimensions, count: number, from = FAULT): BacktestSeries {
  const windows: OpenWindow[] = [];
  for (let i = 0; i < WINDOWS; i++)
    if (i >= from) windows.push(windowOf(i * W, Array<number>(count).fill(1), count));
    else if (i % 20 === 0) windows.push(windowOf(i * W, [1], 1));
  return seriesOf(metric, dimensions, windows);
}

const found = (all: readonly BacktestSeries[]): AnomalyRecord[] => backtest(all, 0).filter(({ kind }) => kind !== 'novelty');
const one = (all: readonly AnomalyRecord[], metric: string): AnomalyRecord => {
  const those = all.filter((anomaly) => anomaly.metric === metric);
  expect(those).toHaveLength(1);
  return those[0]!;
};
const TOOL = { kind: 'tool', name: 'search' };

describe('errors of one tool', () => {
  it('are what errors of its agent, its turns and its kind of error name as their parent', () => {
    const all = found([
      failing('turn.duration', {}, 4),
      failing('operation.duration', { kind: 'agent', name: 'planner' }, 4),
      failing('operation.duration', TOOL, 4),
      counted('error.count', { error_fingerprint: 'f1' }, 8),
    ]);
    const tool = all.find(({ metric, dimensions }) => metric === 'operation.error_ratio' && dimensions['kind'] === 'tool')!;
    expect(tool.parent_anomaly_id).toBe('');
    const others = all.filter(({ id }) => id !== tool.id);
    expect(others.map(({ metric }) => metric).sort()).toEqual(['error.count', 'operation.error_ratio', 'turn.error_ratio']);
    expect(others.every(({ parent_anomaly_id: parent }) => parent === tool.id)).toBe(true);
  });

  it('are named later by what was reported before them', () => {
    const all = found([failing('turn.duration', {}, 8, FAULT - 12), failing('operation.duration', TOOL, 8)]);
    expect(one(all, 'turn.error_ratio').parent_anomaly_id).toBe(one(all, 'operation.error_ratio').id);
  });

  it.each([
    ['an hour before', FAULT - 360, {}],
    ['of another service', FAULT, { service_name: 'other' }],
  ])('are not named by errors of turns %s', (_, from, dimensions) => {
    const all = found([failing('turn.duration', dimensions, 8, from), failing('operation.duration', TOOL, 8)]);
    expect(one(all, 'turn.error_ratio').parent_anomaly_id).toBe('');
  });

  it('are not named by turns that are slow', () => {
    const turns = failing('turn.duration', {}, 0);
    const slow = { ...turns, windows: [...turns.windows].map((window, i) => (i < FAULT ? window : windowOf(window.start, Array<number>(10).fill(5_000), 0))) }; // prettier-ignore
    const all = found([slow, failing('operation.duration', TOOL, 8)]);
    expect(one(all, 'turn.duration').parent_anomaly_id).toBe('');
  });
});

describe('a family', () => {
  it.each([
    ['error.count', ['e1', 'e2', 'e3'].map((error_fingerprint) => ({ error_fingerprint })), {}],
    ['log.template', ['a', 'b', 'c'].map((log_template_id) => ({ severity: 'error', log_template_id })), { severity: 'error' }],
  ])('of %s whose parts rise together is one anomaly that the others name', (metric, parts, whole) => {
    const logs = metric === 'log.template' ? [counted('log.count', { severity: 'error' }, 24)] : [];
    const all = found([...parts.map((dimensions) => counted(metric, dimensions, 8)), ...logs]);
    const parent = all.find(({ parent_anomaly_id: id }) => id === '')!;
    expect(parent.dimensions).toEqual({ service_name: 'shop', ...whole });
    expect(all).toHaveLength(4);
    expect(all.filter(({ parent_anomaly_id: id }) => id === parent.id)).toHaveLength(3);
  });

  it('of scores says how many verdicts fail, of whatever scale the scores are', () => {
    const scores = ['helpful', 'grounded', 'polite'].map((score_name) => failing('score', { score_name }, 6));
    const all = found(scores);
    const parent = all.find(({ dimensions }) => dimensions['score_name'] === undefined)!;
    expect(parent).toMatchObject({ metric: 'score.error_ratio', channel: 'errors', parent_anomaly_id: '' });
    expect(all.filter(({ parent_anomaly_id: id }) => id === parent.id)).toHaveLength(3);
  });
});

describe('traffic', () => {
  const DAYS = 9;
  /** Turns in conversations of four, twenty times as many at noon as at night. */
  function turns(seed: number, from = Infinity, factor = 1): BacktestSeries {
    const dice = createDice(seed);
    const counts = new Array<number>(DAYS * 8_640).fill(0);
    for (let i = 0; i < counts.length; i++) {
      const wave = Math.exp(1.5 * (Math.sin((2 * Math.PI * i * W) / DAY_MS) - 1));
      const begun = dice.poisson(10 * wave * (i * W >= from ? factor : 1));
      for (let k = 0; k < begun; k++)
        for (let at = i; at < counts.length; at += 1 + dice.poisson(4)) {
          counts[at] = (counts[at] ?? 0) + 1;
          if (dice.uniform() < 0.25) break;
        }
    }
    const windows = counts.flatMap((count, i) => (count === 0 ? [] : [windowOf(i * W, Array<number>(count).fill(1), 0)]));
    return seriesOf('turn.count', {}, windows);
  }
  const NOON = 8 * DAY_MS + 6 * HOUR_MS;

  it('that follows the day is no news', () => {
    expect(found([turns(1)]).length).toBeLessThanOrEqual(1);
  });
  it.each([
    [0.2, 'down', /^[\d.]+ turns of shop a minute, normally .+, a [\d.]+th of the usual \d+ \(last \d+ turns\)$/],
    [4, 'up', /^[\d.]+ turns of shop a minute, normally .+, [\d.]+ times the usual \d+ \(last \d+ turns\)$/],
  ])('that is %s times as much as usual is reported within a quarter of an hour', (factor, direction, summary) => {
    const first = found([turns(2, NOON, factor)]).find(({ started_at: at }) => Date.parse(at) >= NOON);
    expect(first).toMatchObject({ metric: 'turn.count', channel: 'level_shift', direction, summary: expect.stringMatching(summary) });
    expect(Date.parse(first!.started_at) - NOON).toBeLessThan(15 * MINUTE_MS);
  }); // prettier-ignore
});
