import { createDice, DAY_MS } from '@telltale/kernel';
import {
  activeParts,
  type Breakdown,
  followBreakdown,
  isSharedByServices,
  MAX_PARTS,
  NO_SUMS,
  OTHER_PARTS,
  partKey,
  type PartSums,
} from './breakdown';
import { type Evidence } from './evidence';

const W = 10_000;
const evidence = (of: Partial<Evidence>): Evidence => ({
  channel: 'value', logP: -20, logAnHour: 0, direction: 1, isLarge: true, value: 4, expected: 1, low: 0, high: 2, restsOn: 8, seen: 1_000, ...of,
}); // prettier-ignore

type Window = Readonly<Record<string, readonly [values: readonly number[], errors?: number]>>;
const sumsOf = (window: Window): Map<string, PartSums> =>
  new Map(
    Object.entries(window).map(([service, [values, errors = 0]]) => {
      const logs = values.map(Math.log);
      return [
        partKey([service]),
        { count: values.length, errors, logged: values.length, logs: logs.reduce((a, b) => a + b, 0), squares: logs.reduce((a, b) => a + b * b, 0) },
      ];
    }),
  ); // prettier-ignore

/** `usual` a hundred times, then `late` twice. */
function after(usual: (i: number) => Window, late: (i: number) => Window, isTraffic = false): Breakdown {
  let breakdown: Breakdown = new Map();
  for (let i = 0; i < 140; i++) breakdown = followBreakdown(breakdown, sumsOf(i < 100 ? usual(i) : late(i)), i * W, isTraffic);
  return breakdown;
}
const dice = createDice(5);
const values = (count: number, median: number): number[] =>
  Array.from({ length: count }, () => median * Math.exp(0.3 * dice.normal()));
const usual = (): Window => ({ shop: [values(6, 1)], desk: [values(1, 1)], travel: [values(2, 3)] });

describe('a deviation over services', () => {
  it.each<[string, () => Window, Partial<Evidence>, boolean]>([
    ['is shared where all are slow', () => ({ shop: [values(6, 4)], desk: [values(1, 4)], travel: [values(2, 12)] }), {}, true],
    ['is not where one is, which makes most of it', () => ({ ...usual(), shop: [values(6, 4)] }), {}, false],
    ['is not where slower services are called more', () => ({ ...usual(), travel: [values(60, 3)] }), { value: 2.7 }, false],
    ['is shared where all fail', () => ({ shop: [values(6, 1), 4], desk: [values(1, 1), 1], travel: [values(2, 3), 1] }), { channel: 'errors', value: 0.6, expected: 0.01 }, true],
    ['is not where one fails', () => ({ ...usual(), shop: [values(6, 1), 6] }), { channel: 'errors', value: 0.7, expected: 0.01 }, false],
    ['is not in one direction where it is in the other', () => ({ shop: [values(6, 0.2)], desk: [values(1, 0.2)], travel: [values(2, 0.6)] }), {}, false],
    ['is never a slow drift', () => ({ shop: [values(6, 4)], desk: [values(1, 4)], travel: [values(2, 12)] }), { channel: 'drift' }, false],
    ['is not without another service', () => ({ shop: [values(6, 4)] }), {}, false],
  ])('%s', (_, late, of, expected) => {
    const before = Object.keys(late()).length === 1 ? () => ({ shop: [values(6, 1)] }) satisfies Window : usual;
    expect(isSharedByServices(after(before, late), evidence(of), false)).toBe(expected);
  }); // prettier-ignore

  it.each<[string, () => Window, Partial<Evidence>, boolean]>([
    ['up in all', () => ({ shop: [values(30, 1)], desk: [values(5, 1)], travel: [values(10, 1)] }), { value: 270, expected: 54 }, true],
    ['up in one', () => ({ ...usual(), shop: [values(60, 1)] }), { value: 380, expected: 54 }, false],
    ['down in all', () => ({}), { value: 0, expected: 54, direction: -1 }, true],
    ['down in one', () => ({ desk: [values(1, 1)], travel: [values(2, 1)] }), { value: 18, expected: 54, direction: -1 }, false],
  ])('of traffic that goes %s', (_, late, of, expected) => {
    expect(isSharedByServices(after(usual, late, true), evidence({ channel: 'level_shift', ...of }), true)).toBe(expected);
  }); // prettier-ignore
});

describe('the breakdown of a series', () => {
  it('has a bound, and the rest is one part', () => {
    let breakdown: Breakdown = new Map();
    for (let i = 0; i < 500; i++) breakdown = followBreakdown(breakdown, sumsOf({ [`bot-${i}`]: [[1]] }), i * W, false);
    expect(breakdown.size).toBe(MAX_PARTS);
    expect(breakdown.get(OTHER_PARTS)?.recent.count).toBeGreaterThan(1);
    expect(activeParts(breakdown)).toHaveLength(MAX_PARTS - 1);
  });
  it.each([true, false])('forgets what was not seen for long (traffic: %s)', (isTraffic) => {
    const before = followBreakdown(new Map(), sumsOf({ shop: [[1]] }), 0, isTraffic);
    let later = before;
    for (let day = 1; day < 9; day++)
      later = followBreakdown(later, new Map([['desk', { ...NO_SUMS, count: 1 }]]), day * DAY_MS, isTraffic);
    expect([...later.keys()]).toEqual(['desk']);
  });
  it('names a service with its operation', () =>
    expect(
      activeParts(new Map([[partKey(['shop', 'chat m']), { at: 0, recent: { ...NO_SUMS, count: 1 }, usual: NO_SUMS }]])),
    ).toEqual([['shop', 'chat m']]));
});
