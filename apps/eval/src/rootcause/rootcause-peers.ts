import { type Value } from '@telltale/domain-rootcause';
import { MINUTE_MS } from '@telltale/kernel';
import { quantile } from 'simple-statistics';
import { type PlantedCase } from './case';
import { type TurnRow } from './make-turns';

// The simplest rules over the same turns; what is bad is known to them as well.

const valuesOf = (row: TurnRow): Value[] => [
  ...(row.service_version ? [{ dimension: 'version' as const, value: row.service_version }] : []),
  ...(row.prompt_versions ?? []).map((value) => ({ dimension: 'prompt_version' as const, value })),
  ...Object.entries(row.feature_flags ?? {}).map(([name, state]) => ({ dimension: 'flag' as const, value: `${name}=${state}` })),
  ...(row.models ?? []).map((value) => ({ dimension: 'model' as const, value })),
  ...(row.providers ?? []).map((value) => ({ dimension: 'provider' as const, value })),
  ...(row.tools ?? []).map((value) => ({ dimension: 'tool' as const, value })),
  ...(row.region ? [{ dimension: 'region' as const, value: row.region }] : []),
  ...(row.intent ? [{ dimension: 'intent' as const, value: row.intent }] : []),
  ...Object.entries(row.dimensions ?? {}).map(([name, value]) => ({ dimension: 'dimension' as const, value: `${name}=${value}` })),
]; // prettier-ignore

const NUMBERS: Partial<Record<PlantedCase['fault']['symptom'], (row: TurnRow) => number>> = {
  duration: (row) => row.duration_ms,
  cost: (row) => row.cost_nano_usd ?? 0,
};

function badIn({ fault, turns, world }: PlantedCase): (row: TurnRow) => boolean {
  const number = NUMBERS[fault.symptom];
  if (number) {
    const limit = quantile(turns.filter(({ ts }) => Date.parse(ts) < world.onset).map(number), 0.9);
    return (row) => number(row) > limit;
  }
  if (fault.symptom === 'errors') return (row) => row.status === 'error';
  return fault.symptom === 'retries' ? (row) => row.retries > 0 : (row) => row.outcome === 'abandoned';
}

interface Counted {
  readonly value: Value;
  bad: number;
  all: number;
  firstAt: number;
}

/** Every value with its turns since the onset. */
function counted(one: PlantedCase): { readonly values: Counted[]; readonly bad: number; readonly all: number } {
  const isBad = badIn(one);
  const found = new Map<string, Counted>();
  let [bad, all] = [0, 0];
  for (const row of one.turns) {
    const at = Date.parse(row.ts);
    const isAfter = at >= one.world.onset;
    const wentBad = isAfter && isBad(row);
    all += isAfter ? 1 : 0;
    bad += wentBad ? 1 : 0;
    for (const value of valuesOf(row)) {
      const key = JSON.stringify(value);
      const count = found.get(key) ?? { value, bad: 0, all: 0, firstAt: at };
      found.set(key, count);
      count.all += isAfter ? 1 : 0;
      count.bad += wentBad ? 1 : 0;
    }
  }
  return { values: [...found.values()].filter(({ all: turns }) => turns > 0), bad, all };
}

const LEAST_TURNS = 5;
export type PeerName = 'largest_lift' | 'earliest_onset' | 'largest_share';

/** Values by each rule, the likeliest first, and how many there are. */
export function peersOf(one: PlantedCase): { readonly ranked: Readonly<Record<PeerName, Value[]>>; readonly values: number } {
  const { values, bad, all } = counted(one);
  const lift = ({ bad: own, all: turns }: Counted): number => own / Math.max(1, turns) / ((bad - own + 0.5) / Math.max(1, all - turns + 1)); // prettier-ignore
  const near = ({ firstAt }: Counted): number => Math.abs(firstAt - one.world.onset) / MINUTE_MS;
  const by = (score: (value: Counted) => number): Value[] => [...values].sort((a, b) => score(b) - score(a)).map(({ value }) => value); // prettier-ignore
  return {
    ranked: {
      largest_lift: by((value) => (value.all >= LEAST_TURNS ? lift(value) : 0)),
      earliest_onset: by((value) => -near(value)),
      largest_share: by((value) => value.bad),
    },
    values: values.length,
  };
}
