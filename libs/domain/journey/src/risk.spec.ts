import { createDice } from '@telltale/kernel';
import { createRiskModel, riskCellOf, type RiskCell } from './risk';

const cells = (cell: number, ...[es, ea, ls, la]: [number, number, number, number]): RiskCell[] => [
  { cell, isLater: false, sessions: es, abandoned: ea },
  { cell, isLater: true, sessions: ls, abandoned: la },
];

describe('the risk that a session ends abandoned', () => {
  it('is the share of earlier sessions, where later ones bore it out', () => {
    const { riskOf, calibration } = createRiskModel([...cells(0, 800, 40, 400, 22), ...cells(1, 200, 120, 100, 58)]);
    expect(riskOf(1)?.risk).toBeCloseTo((120 + 10 * 0.16) / 210, 6);
    expect(riskOf(1)).toMatchObject({ observed: 0.58, sessions: 100 });
    expect(riskOf(0)?.risk).toBeCloseTo(0.05, 2);
    expect(calibration).toMatchObject({ learned_from: 1_000, measured_on: 500, states: 2, states_said: 2 });
    expect(calibration.error).toBeLessThan(0.02);
    expect(calibration.error_of_one_risk).toBeGreaterThan(0.1);
  });
  it.each<[string, RiskCell[]]>([
    ['later ones were otherwise', cells(1, 200, 120, 100, 10)],
    ['too few came later', cells(1, 200, 120, 29, 17)],
    ['too few were learned from', cells(1, 29, 17, 200, 120)],
    ['none came later', cells(1, 200, 120, 0, 0)],
    ['it is another state', cells(2, 200, 120, 200, 120)],
  ])('is not said where %s', (_, list) => expect(createRiskModel(list).riskOf(1)).toBeNull());
  it('is nothing without sessions', () => {
    expect(createRiskModel([]).calibration).toEqual({ learned_from: 0, measured_on: 0, error: null, error_of_one_risk: null, states: 0, states_said: 0 });
  }); // prettier-ignore
  it('is calibrated where sessions go on as they did', () => {
    const dice = createDice(3);
    const list = Array.from({ length: 20 }, (_, cell) => [false, true].flatMap((isLater): RiskCell => {
      const sessions = 200;
      return { cell, isLater, sessions, abandoned: Array.from({ length: sessions }).filter(() => dice.uniform() < cell / 25).length };
    })).flat(); // prettier-ignore
    const { calibration } = createRiskModel(list);
    expect(calibration.error).toBeLessThan(0.05);
    expect(calibration.states_said).toBeGreaterThanOrEqual(18);
  });
});

it('knows states apart by friction, turns and whether the last one helped', () => {
  const all = [0, 1, 15, 16, 31, 51, 100].flatMap((friction) => [1, 2, 3, 4, 90].flatMap((turn) => [true, false].map((bad) => riskCellOf(turn, friction, bad))));
  expect(new Set(all).size).toBe(30);
  expect(riskCellOf(2, 10, false)).toBe(riskCellOf(3, 15, false));
}); // prettier-ignore
