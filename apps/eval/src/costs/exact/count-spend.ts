import { type EventRecord, promptVersionOf } from '@telltale/contracts';
import { HOUR_MS, isoTime, windowStart } from '@telltale/kernel';
import { type RowStore } from '@telltale/streaming';

/** A call that is paid for, and what it costs by the newest price; null when that is unknown. */
export interface PaidCall {
  readonly event: EventRecord;
  readonly costNanoUsd: number | null;
}

type ValueOf = (event: EventRecord) => string;
/** Columns of spend, as text, and the same of an event. */
const DIMENSIONS: Readonly<Record<string, ValueOf>> = {
  tenant: ({ tenant }) => tenant,
  hour: ({ ts }) =>
    isoTime(windowStart(Date.parse(ts), HOUR_MS))
      .slice(0, 19)
      .replace('T', ' '),
  service_name: ({ service_name: name }) => name,
  provider: ({ provider }) => provider,
  model: ({ response_model: answered, request_model: asked }) => answered || asked,
  kind: ({ kind }) => kind,
  backfill: ({ backfill }) => String(backfill),
  deployment_environment: ({ deployment_environment: name }) => name,
  service_version: ({ service_version: version }) => version,
  prompt_version: promptVersionOf,
};
type Sums = Map<string, bigint>;

/** Cost of a call and those that it stands for: whole nano-dollars. */
const nanoOf = ({ event, costNanoUsd }: PaidCall): bigint => BigInt(Math.round((costNanoUsd ?? 0) * event.sampling_weight));

export const countedSpend = (calls: readonly PaidCall[]): bigint => calls.reduce((sum, call) => sum + nanoOf(call), 0n);

function countedBy(calls: readonly PaidCall[], valueOf: ValueOf): Sums {
  const sums: Sums = new Map();
  for (const call of calls) sums.set(valueOf(call.event), (sums.get(valueOf(call.event)) ?? 0n) + nanoOf(call));
  return sums;
}

async function storedBy(rows: Pick<RowStore, 'query'>, dimension: string): Promise<Sums> {
  const found = await rows.query<{ value: string; nano: string }>(
    `SELECT toString(${dimension}) AS value, toString(sum(cost_nano_usd)) AS nano FROM telltale.spend_corrected GROUP BY value`,
  );
  return new Map(found.map(({ value, nano }) => [value, BigInt(nano)]));
}

/** Where spend with its corrections is not what the calls cost, by each dimension; empty where it is, to the nano-dollar. */
export async function spendDifferences(rows: Pick<RowStore, 'query'>, calls: readonly PaidCall[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const [dimension, valueOf] of Object.entries(DIMENSIONS)) {
    const [counted, stored] = [countedBy(calls, valueOf), await storedBy(rows, dimension)];
    for (const value of new Set([...counted.keys(), ...stored.keys()])) {
      const off = (stored.get(value) ?? 0n) - (counted.get(value) ?? 0n);
      if (off !== 0n) wrong.push(`${dimension} ${value}: ${off} nano-dollars off`);
    }
  }
  return wrong;
}
