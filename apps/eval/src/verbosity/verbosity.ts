import { type EconomyFigures, evaluateEconomy } from './economy';
import { evaluateLive, type LiveFigures } from './live';

const TURNS = 200_000;

/** What adaptive verbosity saves and keeps, and how fast and how safely it is obeyed. */
export async function evaluateVerbosity(turns: number = TURNS): Promise<EconomyFigures & LiveFigures> {
  return { ...evaluateEconomy(turns), ...(await evaluateLive()) };
}
