/** Upper ends of bands of friction so far, in percent. */
export const FRICTION_BANDS = [0, 15, 30, 50, 100] as const;
/** Upper ends of bands of turns so far; beyond the last is one more. */
export const TURN_BANDS = [1, 3] as const;

/** Sessions that were in a state, and how many of them ended abandoned. `isLater`: of the later part, which nothing was learned from. */
export interface RiskCell {
  readonly cell: number;
  readonly isLater: boolean;
  readonly sessions: number;
  readonly abandoned: number;
}

export interface Risk {
  /** Probability that a session in this state ends abandoned. */
  readonly risk: number;
  /** What became of the later sessions in this state. */
  readonly observed: number;
  readonly sessions: number;
}

export interface RiskModel {
  /** null where what it would say was not measured, or not borne out. */
  riskOf(cell: number): Risk | null;
  readonly calibration: {
    readonly learned_from: number;
    readonly measured_on: number;
    /** Mean distance of what is said from what was observed, over later sessions (each in all states it was in). */
    readonly error: number | null;
    /** The same of one risk for all, the simplest that could be said. */
    readonly error_of_one_risk: number | null;
    readonly states: number;
    readonly states_said: number;
  };
}

/** Least later sessions in a state that bear a risk out. */
const LEAST_SESSIONS = 30;
/** How far a risk may lie from what was observed even where there is less chance in both. */
const TOLERANCE = 0.05;
/** Sessions that the share of all counts for in a state. */
const PRIOR = 10;
const Z = 1.96;

/** Half of the 95 % interval of a share (Wilson, 1927). */
function reachOf(met: number, of: number): number {
  const share = met / of;
  return (Z / (1 + Z ** 2 / of)) * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2));
}

interface Count {
  readonly sessions: number;
  readonly abandoned: number;
}
const NONE: Count = { sessions: 0, abandoned: 0 };
const plus = (a: Count, b: Count): Count => ({ sessions: a.sessions + b.sessions, abandoned: a.abandoned + b.abandoned });

/**
 * How likely sessions are to end abandoned, by what happened in them so far: shares of earlier sessions that were in the same state (a landmark analysis; van Houwelingen,
 * Scandinavian Journal of Statistics 34, 2007), drawn to the share of all where few were. A risk is said only of states in which later sessions bore it out.
 */
export function createRiskModel(cells: readonly RiskCell[]): RiskModel {
  const earlier = new Map<number, Count>();
  const later = new Map<number, Count>();
  for (const one of cells) {
    const counts = one.isLater ? later : earlier;
    counts.set(one.cell, plus(counts.get(one.cell) ?? NONE, one));
  }
  const [learned, measured] = [earlier, later].map((counts) => [...counts.values()].reduce(plus, NONE)) as [Count, Count];
  const ofAll = learned.sessions > 0 ? learned.abandoned / learned.sessions : null;

  function learnedRisk(cell: number): number | null {
    if (ofAll === null) return null;
    const { sessions, abandoned } = earlier.get(cell) ?? NONE;
    return (abandoned + PRIOR * ofAll) / (sessions + PRIOR);
  }
  function riskOf(cell: number): Risk | null {
    const risk = learnedRisk(cell);
    const before = earlier.get(cell) ?? NONE;
    const { sessions, abandoned } = later.get(cell) ?? NONE;
    if (risk === null || sessions < LEAST_SESSIONS || before.sessions < LEAST_SESSIONS) return null;
    const observed = abandoned / sessions;
    const chance = Math.hypot(reachOf(abandoned, sessions), reachOf(before.abandoned, before.sessions));
    return Math.abs(risk - observed) <= Math.max(TOLERANCE, chance) ? { risk, observed, sessions } : null;
  }
  const errorOf = (say: (cell: number) => number | null): number | null =>
    ofAll === null || measured.sessions === 0
      ? null
      : [...later].reduce((sum, [cell, { sessions, abandoned }]) => sum + Math.abs((say(cell) ?? 0) * sessions - abandoned), 0) / measured.sessions; // prettier-ignore

  const states = [...new Set([...earlier.keys(), ...later.keys()])];
  return {
    riskOf,
    calibration: {
      learned_from: learned.sessions,
      measured_on: measured.sessions,
      error: errorOf(learnedRisk),
      error_of_one_risk: errorOf(() => ofAll),
      states: states.length,
      states_said: states.filter((cell) => riskOf(cell) !== null).length,
    },
  };
}

/** The state of a session after a turn. The statement of `riskCells` in the query library says the same to the engine. */
export function riskCellOf(turn: number, friction: number, isUnhelped: boolean): number {
  const band = FRICTION_BANDS.findIndex((top) => friction <= top);
  const turnBand = TURN_BANDS.findIndex((top) => turn <= top);
  return (band * (TURN_BANDS.length + 1) + (turnBand < 0 ? TURN_BANDS.length : turnBand)) * 2 + (isUnhelped ? 1 : 0);
}
