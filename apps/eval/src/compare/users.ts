import { type Dice } from '@telltale/kernel';

/** One session: its user, its side, what was measured and over how many (turns of a share, else 1). */
export interface SimulatedSession {
  readonly user: number;
  readonly isB: boolean;
  readonly value: number;
  readonly of: number;
}

/** How sessions of users look. `level`: what the user is like, drawn once. */
interface Kind {
  readonly users: number;
  readonly perUser: (dice: Dice) => number;
  /** Users are on one side; else every session is on either. */
  readonly byUser: boolean;
  readonly value: (dice: Dice, level: number, hour: number) => number;
  /** The values are compared as logarithms. */
  readonly isLog?: boolean;
  /** Share of turns of sessions with so many turns. */
  readonly turns?: (dice: Dice) => number;
}

const geometric = (mean: number) => (dice: Dice): number => 1 + Math.floor(Math.log(1 - dice.uniform()) / Math.log(1 - 1 / mean)); // prettier-ignore
const pareto = (dice: Dice, alpha: number): number => (1 - dice.uniform()) ** (-1 / alpha);
const lognormal = (dice: Dice, sigma: number): number => Math.exp(sigma * dice.normal());
/** Busy and slow by day, quiet by night. */
const cycle = (hour: number): number => 1 + 0.5 * Math.sin(((hour - 9) / 24) * 2 * Math.PI);

export const KINDS: Readonly<Record<string, Kind>> = {
  even: { users: 300, perUser: () => 1, byUser: true, value: (dice) => 10 + 2 * dice.normal() },
  'users who differ': { users: 200, perUser: geometric(6), byUser: true, value: (dice, level) => 10 + 5 * level + 2 * dice.normal() },
  'few users, many sessions': { users: 24, perUser: geometric(40), byUser: true, value: (dice, level) => 10 + 3 * level + 2 * dice.normal() },
  'users on both sides': { users: 150, perUser: geometric(6), byUser: false, value: (dice, level) => 10 + 5 * level + 2 * dice.normal() },
  'wide (lognormal)': { users: 400, perUser: geometric(3), byUser: true, value: (dice, level) => lognormal(dice, 1.2) * Math.exp(0.5 * level) },
  'heavy tail (Pareto 1.5)': { users: 400, perUser: geometric(3), byUser: true, value: (dice) => pareto(dice, 1.5) },
  'heavy users (Pareto 1.5)': { users: 300, perUser: (dice) => Math.min(200, Math.round(pareto(dice, 1.5))), byUser: true, value: (dice, level) => 10 + 3 * level + dice.normal() },
  'durations, as logarithms': { users: 200, perUser: geometric(4), byUser: true, isLog: true, value: (dice, level) => 1_000 * Math.exp(0.6 * level + 0.8 * dice.normal()) },
  'a share of turns': { users: 250, perUser: geometric(4), byUser: true, turns: geometric(4), value: (_, level) => 0.15 + 0.1 * Math.tanh(level) },
  'a cycle of the day': { users: 250, perUser: geometric(4), byUser: true, value: (dice, level, hour) => cycle(hour) * (10 + 2 * level) + dice.normal() },
  'a side of one in ten': { users: 400, perUser: geometric(3), byUser: true, value: (dice, level) => Math.exp(0.7 * level + 0.7 * dice.normal()) },
}; // prettier-ignore

/** Sessions of a kind; those of side B have `change` more: a share of the value, of a logarithm a factor. */
export function sessionsOf(name: string, kind: Kind, dice: Dice, change: number): SimulatedSession[] {
  const shareOfB = name === 'a side of one in ten' ? 0.1 : 0.5;
  const sessions: SimulatedSession[] = [];
  for (let user = 0; user < kind.users; user++) {
    const level = dice.normal();
    const side = dice.uniform() < shareOfB;
    for (let left = kind.perUser(dice); left > 0; left--) {
      const isB = kind.byUser ? side : dice.uniform() < shareOfB;
      const value = kind.value(dice, level, Math.floor(24 * dice.uniform())) * (isB ? 1 + change : 1);
      if (!kind.turns) sessions.push({ user, isB, value: kind.isLog ? Math.log(value) : value, of: 1 });
      else {
        const of = kind.turns(dice);
        let met = 0;
        for (let turn = 0; turn < of; turn++) if (dice.uniform() < value) met++;
        sessions.push({ user, isB, value: met, of });
      }
    }
  }
  return sessions;
}
