import * as fc from 'fast-check';
import { dimensionPanels } from './dimension-panels';
import { incidentPanels } from './incident-panels';
import { kindPanels } from './kind-panels';
import { overviewPanels } from './overview';
import { type Candidate, chosenPanels, MOST_PANELS, type Panel } from './panel';
import { expand, literal, stepOf } from './panel-sql';
import { meanEffect, type Shape, shareEffect } from './shape';
import { newTestDimension, newTestKind, newTestMoments, newTestShape } from './shape.fixture';

const SCOPE = { tenant: 'a', services: [] };
const HOUR = 3_600_000;
const PERIOD = { since: Date.parse('2026-11-25T06:00:00Z'), until: Date.parse('2026-11-25T12:00:00Z') };

const made = (shape: Shape): Panel[] =>
  chosenPanels(overviewPanels(SCOPE, shape), [...kindPanels(SCOPE, shape), ...dimensionPanels(SCOPE, shape).panels]);
const idsOf = (panels: readonly Panel[]): string[] => panels.map(({ id }) => id);
const scoreOf = (shape: Shape, id: string): number => dimensionPanels(SCOPE, shape).panels.find((one) => one.id === id)?.score ?? 0; // prettier-ignore

describe('the effect of values', () => {
  it('on a share is none where all values have the same, and whole where values decide', () => {
    expect(shareEffect([{ known: 100, bad: 10 }, { known: 300, bad: 30 }])).toMatchObject({ isClear: false }); // prettier-ignore
    const decided = shareEffect([{ known: 100, bad: 100 }, { known: 300, bad: 0 }]); // prettier-ignore
    expect(decided.isClear).toBe(true);
    expect(decided.explained).toBeGreaterThan(0.99);
  });

  it('is not clear where chance makes it, of few rows or of many values', () => {
    expect(shareEffect([{ known: 5, bad: 1 }, { known: 5, bad: 0 }]).isClear).toBe(false); // prettier-ignore
    const many = Array.from({ length: 40 }, (_, i) => ({ known: 10, bad: i % 3 }));
    expect(shareEffect(many).isClear).toBe(false);
    expect(shareEffect([{ known: 0, bad: 0 }, { known: 9, bad: 9 }]).isClear).toBe(false); // prettier-ignore
  });

  it('on a number is none of equal means, and grows with their distance', () => {
    const of = (ms: number): number => meanEffect([newTestMoments(200, 100), newTestMoments(200, ms)]).explained;
    expect(meanEffect([newTestMoments(200, 100), newTestMoments(200, 100)])).toMatchObject({ isClear: false });
    expect(of(110)).toBeLessThan(of(200));
    expect(of(200)).toBeLessThan(of(1_000));
    expect(of(1_000)).toBeGreaterThan(0.8);
  });

  it('is between none and all, whatever the figures', () => {
    const group = fc.record({ n: fc.integer({ min: 0, max: 1e6 }), mean: fc.double({ min: -20, max: 20, noNaN: true }), spread: fc.double({ min: 0, max: 9, noNaN: true }) }); // prettier-ignore
    fc.assert(
      fc.property(fc.array(group, { maxLength: 8 }), (groups) => {
        const { explained } = meanEffect(groups.map(({ n, mean, spread }) => ({ n, sum: n * mean, squares: n * (mean ** 2 + spread) }))); // prettier-ignore
        expect(explained >= 0 && explained <= 1).toBe(true);
      }),
    );
  });
});

describe('a dashboard', () => {
  it('of nothing has no panel', () => {
    expect(made(newTestShape({ services: [], turns: { rows: 0, known: 0, bad: 0, timed: 0, nano: 0 }, kinds: [] }))).toEqual([]);
  });

  it('asks of outcomes only where one is known, of durations only where one was measured, of money only where it was spent', () => {
    const none = newTestShape({ turns: { rows: 10, known: 0, bad: 0, timed: 0, nano: 0 } });
    expect(idsOf(made(none))).toEqual(['turns']);
    const spent = newTestShape({ kinds: [newTestKind('llm', 10, { nano: 5 })] });
    expect(idsOf(made(spent))).toEqual(expect.arrayContaining(['turns', 'unhelped', 'duration', 'spend']));
  });

  it('ranks what tells outcomes apart before what tells durations or costs apart as much', () => {
    const shape = newTestShape({
      dimensions: [
        newTestDimension('turns', 'region', { eu: { rows: 500, ms: 300 }, us: { rows: 501, ms: 900 } }),
        newTestDimension('turns', 'language', { de: { rows: 500, bad: 0.6 }, en: { rows: 502, bad: 0.02 } }),
        newTestDimension('turns', 'intent', { buy: { rows: 500, nano: 1_000 }, ask: { rows: 503, nano: 3_000 } }),
      ],
    });
    const [share, duration, cost] = ['language-share', 'region-duration', 'intent-cost'].map((id) => scoreOf(shape, id));
    expect(share).toBeGreaterThan(duration ?? 0);
    expect(duration).toBeGreaterThan(cost ?? 0);
    expect(cost).toBeGreaterThan(0);
    expect(idsOf(made(shape)).slice(3)).toEqual(['language-share', 'region-duration', 'intent-cost']);
  });

  it('says in the reason which values differ, and how much', () => {
    const shape = newTestShape({ dimensions: [newTestDimension('turns', 'language', { de: { rows: 500, bad: 0.6 }, en: { rows: 500, bad: 0.02 }, xx: { rows: 3, bad: 1 } })] }); // prettier-ignore
    expect(made(shape).at(-1)?.why).toMatch(
      /^From 2 % \(en\) to 60 % \(de\); language explains \d\d % of the difference between turns\.$/,
    );
  });

  it('asks once how services differ in outcomes', () => {
    const service = newTestDimension('turns', 'service', { shop: { rows: 500, bad: 0.6 }, pay: { rows: 510, bad: 0.02 } });
    const panels = made(newTestShape({ dimensions: [service] }));
    expect(panels.filter(({ title }) => title.includes('without what was asked for, by service')).map(({ id }) => id)).toEqual(['unhelped']); // prettier-ignore
  });

  it('counts what varies and changes nothing, below what does', () => {
    const shape = newTestShape({
      dimensions: [
        newTestDimension('turns', 'region', { eu: { rows: 500 }, us: { rows: 520 } }),
        newTestDimension('turns', 'language', { de: { rows: 500, bad: 0.6 }, en: { rows: 510 } }),
      ],
    });
    expect(idsOf(made(shape)).slice(3)).toEqual(['language-share', 'region-mix']);
  });

  it.each([
    ['of one value', newTestDimension('turns', 'region', { eu: { rows: 1_000 } }), 'has one value only: eu'],
    ['whose values are single things', { ...newTestDimension('turns', 'version', { a: { rows: 2 }, b: { rows: 1 } }), distinct: 900, rows: 900 }, 'names single things'],
  ])('leaves out a dimension %s, and says why', (_, dimension, reason) => {
    const { panels, leftOut } = dimensionPanels(SCOPE, newTestShape({ dimensions: [dimension] }));
    expect(panels).toEqual([]);
    expect(leftOut).toEqual([{ name: dimension.name, reason: expect.stringContaining(reason) as string }]);
  }); // prettier-ignore

  it('takes two dimensions that split the rows in the same way as one', () => {
    const values = { one: { rows: 400, bad: 0.5 }, other: { rows: 600, bad: 0.01 } };
    const shape = newTestShape({ dimensions: [newTestDimension('turns', 'intent', values), newTestDimension('turns', 'flag:new', values)] }); // prettier-ignore
    const { panels, leftOut } = dimensionPanels(SCOPE, shape);
    expect(panels.map(({ id }) => id)).toEqual(['intent-share']);
    expect(leftOut).toEqual([{ name: 'flag new', reason: 'splits the rows just as intent does' }]);
  });

  it('has each panel once, a dozen at most, whatever there is', () => {
    const rest: Candidate[] = Array.from({ length: 40 }, (_, i) => ({ id: `p${i % 20}`, title: 'x', why: '', form: 'line', unit: 'ms', sql: '', score: i / 40 })); // prettier-ignore
    const ids = idsOf(chosenPanels([], rest));
    expect(ids).toHaveLength(MOST_PANELS);
    expect(new Set(ids).size).toBe(MOST_PANELS);
    expect(ids).toEqual(idsOf(chosenPanels([], [...rest].reverse())));
  });

  it('of an incident begins with whom it affects, where that is known, and draws shares of failures as shares', () => {
    const moved = [{ series: 's1', metric: 'operation.error_ratio', dimensions: { service_name: 'shop', name: 'pay' }, direction: 'up', summary: '' }]; // prettier-ignore
    const cause = {
      values: [{ dimension: 'region', value: "eu'" }],
      operation: 'tool pay',
      measure: 'errors',
      sentence: 'Region eu.',
    };
    const panels = incidentPanels({ tenant: 'a', services: ['shop'] }, moved, cause, 2);
    expect(idsOf(panels)).toEqual(['affected', 'affected-traffic', 'operation', 'operation-failed', 'series-s1', 'deploys']);
    expect(panels[0]?.sql).toContain("if(region = 'eu\\x27', 'affected', 'all others')");
    expect(panels[4]).toMatchObject({ unit: 'share', service: 'shop' });
    const unknown = incidentPanels(SCOPE, moved, { ...cause, values: [{ dimension: 'since_deploy', value: 'under 1 h' }], operation: null }, 0); // prettier-ignore
    expect(idsOf(unknown)).toEqual(['series-s1']);
  });
});

describe('statements', () => {
  it('hold nothing of a text but its characters', () => {
    const unescaped = (sql: string): string => sql.slice(1, -1).replaceAll(/\\x([\da-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))); // prettier-ignore
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const sql = literal(text);
        expect([/[$[\]{}\p{Cc}]|(?<!^)'(?!$)|\\(?!x)/u.test(sql), unescaped(sql)]).toEqual([false, text]);
      }),
    );
  });

  it('have buckets of whole minutes that make about ninety of a range, and one macro for each', () => {
    expect([1, 6, 24, 24 * 90].map((hours) => stepOf({ since: 0, until: hours * HOUR }))).toEqual([60, 300, 1_800, 86_400]);
    const sql = expand('SELECT $__timeInterval(ts) AS time, count() / $__interval_s AS n FROM t WHERE $__timeFilter(ts)', PERIOD);
    expect(sql).toBe("SELECT toStartOfInterval(toDateTime(ts, 'UTC'), INTERVAL 300 second, 'UTC') AS time, count() / 300 AS n FROM t WHERE ts >= fromUnixTimestamp64Milli(1795586400000, 'UTC') AND ts < fromUnixTimestamp64Milli(1795608000000, 'UTC')"); // prettier-ignore
  });
});
