import { createRiskModel, isUnhelped, type RiskCell, riskCellOf } from '@telltale/domain-journey';
import { createDice, groupBy } from '@telltale/kernel';
import { type JudgedSession, sessionsIn } from './conversations';
import { cellsOf, simulateJourney, type World } from './simulated-journeys';

interface Separation {
  readonly friction: number;
  readonly turns: number;
  readonly any_tool_error: number;
}
interface RiskFigures {
  readonly sessions: number;
  /** Mean distance of the risk that is said from what then happened, on sessions that nothing was learned from. */
  readonly error: number | null;
  readonly error_of_one_risk: number | null;
  /** Mean squared error of the risk said beside that of one risk for all: 1 − their ratio. */
  readonly skill: number | null;
  readonly states: number;
  readonly states_said: number;
}
export interface FrictionReport {
  readonly sessions: number;
  readonly failed: number;
  /** Areas under the ROC curve: how often a failed conversation has more than one that succeeded; 0.5 is chance. */
  readonly auc: number;
  readonly auc_low: number;
  readonly auc_high: number;
  readonly auc_turns: number;
  readonly auc_any_tool_error: number;
  readonly halves: Readonly<Record<string, Separation>>;
  /** Of each sign, the share of failed and of succeeded conversations that have it. */
  readonly signs: Readonly<Record<string, { readonly failed: number; readonly succeeded: number }>>;
  readonly risk: Readonly<Record<string, RiskFigures>>;
}

const rounded = (value: number): number => Number(value.toFixed(3));

/** How often one of the first has more than one of the second; equal ones count half (Mann and Whitney). */
export function areaUnderCurve(positive: readonly number[], negative: readonly number[]): number {
  let sum = 0;
  for (const a of positive) for (const b of negative) sum += a > b ? 1 : a === b ? 0.5 : 0;
  return sum / Math.max(1, positive.length * negative.length);
}

type Score = (one: JudgedSession) => number;
const SCORES: Readonly<Record<keyof Separation, Score>> = {
  friction: ({ session }) => session.friction ?? 0,
  turns: ({ session }) => session.turns,
  any_tool_error: ({ session }) => (session.errors > 0 ? 1 : 0),
};
const auc = (all: readonly JudgedSession[], score: Score): number =>
  areaUnderCurve(all.filter(({ failed }) => failed).map(score), all.filter(({ failed }) => !failed).map(score));
const separationOf = (all: readonly JudgedSession[]): Separation => ({
  friction: rounded(auc(all, SCORES.friction)),
  turns: rounded(auc(all, SCORES.turns)),
  any_tool_error: rounded(auc(all, SCORES.any_tool_error)),
});

/** 95 % interval by drawing tasks again, for conversations of one task are alike. */
function intervalOf(all: readonly JudgedSession[]): readonly [number, number] {
  const tasks = [...groupBy(all, ({ task }) => task).values()];
  const dice = createDice(17);
  const drawn = Array.from({ length: 500 }, () => auc(tasks.flatMap(() => tasks[Math.floor(dice.uniform() * tasks.length)] ?? []), SCORES.friction)).sort((a, b) => a - b); // prettier-ignore
  return [rounded(drawn[12] ?? 0), rounded(drawn[487] ?? 0)];
}

function signsOf(all: readonly JudgedSession[]): FrictionReport['signs'] {
  const names = [...new Set(all.flatMap(({ session }) => Object.keys(session.friction_signs)))].sort();
  const share = (list: readonly JudgedSession[], sign: string): number =>
    rounded(list.filter(({ session }) => (session.friction_signs[sign] ?? 0) > 0).length / Math.max(1, list.length));
  const [failed, succeeded] = [all.filter((one) => one.failed), all.filter((one) => !one.failed)];
  return Object.fromEntries(names.map((sign) => [sign, { failed: share(failed, sign), succeeded: share(succeeded, sign) }]));
}

function riskFigures(cells: readonly RiskCell[], sessions: number): RiskFigures {
  const { riskOf, calibration } = createRiskModel(cells);
  const [earlier, later] = [cells.filter(({ isLater }) => !isLater), cells.filter(({ isLater }) => isLater)];
  const sum = (list: readonly RiskCell[], field: 'sessions' | 'abandoned'): number => list.reduce((all, one) => all + one[field], 0);
  const ofAll = sum(earlier, 'abandoned') / Math.max(1, sum(earlier, 'sessions'));
  const square = (say: (cell: number) => number): number => later.reduce((all, { cell, sessions: count, abandoned }) => all + abandoned * (1 - say(cell)) ** 2 + (count - abandoned) * say(cell) ** 2, 0);
  const skill = later.length === 0 ? null : rounded(1 - square((cell) => riskOf(cell)?.risk ?? ofAll) / square(() => ofAll));
  const { error, error_of_one_risk: simple, states, states_said } = calibration;
  return { sessions, error: error === null ? null : rounded(error), error_of_one_risk: simple === null ? null : rounded(simple), skill, states, states_said };
} // prettier-ignore

const CALM: World = { bad: 0.15, slow: 0.1, leaves: 0.5 };
const ROUGH: World = { bad: 0.35, slow: 0.3, leaves: 0.6 };
const WORLDS: Readonly<Record<string, readonly [before: World, after: World, sessions: number]>> = {
  'simulated, calm': [CALM, CALM, 4_000],
  'simulated, rough': [ROUGH, ROUGH, 4_000],
  'simulated, few sessions': [CALM, CALM, 200],
  // What was learned no longer holds: it is to be noticed, and not said.
  'simulated, users lose patience': [{ ...CALM, leaves: 0.2 }, { ...CALM, leaves: 0.8 }, 4_000],
};

function simulatedRisk(): Record<string, RiskFigures> {
  return Object.fromEntries(
    Object.entries(WORLDS).map(([name, [before, after, sessions]], nth) => {
      const dice = createDice(71 + nth);
      const journeys = (world: World, share: number) =>
        Array.from({ length: sessions * share }, () => simulateJourney(world, dice));
      return [name, riskFigures([...cellsOf(journeys(before, 0.6), false), ...cellsOf(journeys(after, 0.4), true)], sessions)];
    }),
  );
}

/** The same of real conversations, which nobody abandons: how likely they fail, learned from half of the tasks. */
function riskOfFailure(all: readonly JudgedSession[]): RiskFigures {
  const of = (isLater: boolean) =>
    cellsOf(all.filter(({ task }) => (task % 2 === 1) === isLater).map(({ session, failed }) => ({
      abandoned: failed,
      cells: [...new Set(session.path_friction.map((friction, i) => riskCellOf(i + 1, friction, isUnhelped({ outcome: (session.path_outcomes[i] ?? 'unknown') as 'error', cues: [] }))))],
    })), isLater);
  return riskFigures([...of(false), ...of(true)], all.length);
} // prettier-ignore

/** How friction separates conversations that failed from those that did not, beside the simplest that could be counted, and how right the risk of leaving is. */
export async function evaluateFriction(path: string): Promise<FrictionReport> {
  const all = await sessionsIn(path);
  const separation = separationOf(all);
  const [low, high] = intervalOf(all);
  return {
    sessions: all.length,
    failed: all.filter(({ failed }) => failed).length,
    auc: separation.friction,
    auc_low: low,
    auc_high: high,
    auc_turns: separation.turns,
    auc_any_tool_error: separation.any_tool_error,
    halves: { 'even tasks': separationOf(all.filter(({ task }) => task % 2 === 0)), 'odd tasks': separationOf(all.filter(({ task }) => task % 2 === 1)) },
    signs: signsOf(all),
    risk: { ...simulatedRisk(), 'failure, real conversations, odd tasks': riskOfFailure(all) },
  };
} // prettier-ignore
