import { type JourneyStep, journeyOf, riskCellOf, isUnhelped, type RiskCell } from '@telltale/domain-journey';
import { type Dice } from '@telltale/kernel';

/** How users of a world leave: hopes fall with each turn that does not help, the more the less patient they are. */
export interface World {
  readonly bad: number;
  readonly slow: number;
  /** How likely a user of no patience leaves after a bad turn. */
  readonly leaves: number;
}

interface SimulatedJourney {
  readonly abandoned: boolean;
  /** The states that it was in. */
  readonly cells: readonly number[];
}

const step = (of: Partial<JourneyStep>): JourneyStep => ({
  intent: 'find order', outcome: 'answered', cues: [], request: '', numbers: '', answer: '', waitMs: 2_000, calls: 2, toolErrors: 0, ...of,
}); // prettier-ignore

/** A user with a patience of their own, until they are helped or leave. */
export function simulateJourney({ bad, slow, leaves }: World, dice: Dice): SimulatedJourney {
  const patience = dice.uniform();
  const steps: JourneyStep[] = [];
  for (let turn = 0; turn < 12; turn++) {
    const isBad = dice.uniform() < bad;
    const cues = isBad && dice.uniform() < 0.3 ? ['complaint'] : [];
    steps.push(step({ outcome: isBad ? (dice.uniform() < 0.5 ? 'error' : 'refused') : 'answered', cues, waitMs: dice.uniform() < slow ? 20_000 : 2_000 }));
    if (isBad && dice.uniform() < leaves * (1.2 - patience)) break;
    if (!isBad && dice.uniform() < 0.45) break;
  }
  const { path, abandonedBecause } = journeyOf(steps);
  const cells = path.map(({ friction }, i) => riskCellOf(i + 1, friction, isUnhelped(steps[i] ?? step({}))));
  return { abandoned: abandonedBecause !== '', cells: [...new Set(cells)] };
} // prettier-ignore

/** Counts by state, as the statement over `sessions` makes them. */
export function cellsOf(journeys: readonly SimulatedJourney[], isLater: boolean): RiskCell[] {
  const counts = new Map<number, { sessions: number; abandoned: number }>();
  for (const { cells, abandoned } of journeys)
    for (const cell of cells) {
      const count = counts.get(cell) ?? { sessions: 0, abandoned: 0 };
      counts.set(cell, count);
      count.sessions++;
      if (abandoned) count.abandoned++;
    }
  return [...counts].map(([cell, count]) => ({ cell, isLater, ...count }));
}
