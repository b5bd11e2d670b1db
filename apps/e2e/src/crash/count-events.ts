import { TOPICS } from '@telltale/contracts';
import { type Broker, type RowStore } from '@telltale/streaming';
import { loadEvent } from '../harness/event-load';
import { eventually } from '../harness/service-process';
import { type Reckoning } from './reckoning';

/** How many events there are in the table, by id, without content, and in the rollup: all the same where none is lost or doubled. */
export async function countEvents(rows: RowStore): Promise<{ rows: number; distinct: number; core: number; rollup: number }> {
  const [all] = await rows.query<{ n: string; d: string }>('SELECT count() AS n, uniqExact(id) AS d FROM telltale.events');
  const [core] = await rows.query<{ n: string }>('SELECT count() AS n FROM telltale.events_core');
  const [rollup] = await rows.query<{ n: string }>('SELECT sum(events) AS n FROM telltale.operations_minute');
  return { rows: Number(all?.n), distinct: Number(all?.d), core: Number(core?.n), rollup: Number(rollup?.n) };
}
export const allOf = (sent: number) => ({ rows: sent, distinct: sent, core: sent, rollup: sent });

/** Nothing waits to be taken in: what is in the tables now is all that will be there. */
export const enricherIsDone = (broker: Broker, partitions: number): Promise<unknown> =>
  eventually('the enricher has taken all in', async () => {
    const [info] = await broker.describe([TOPICS.raw.name]);
    const offsets = (await broker.groupOffsets('telltale.enricher', [TOPICS.raw.name])).get(TOPICS.raw.name) ?? [];
    const lag = (info?.partitions ?? []).map(({ partition, end }) => end - (offsets.find((one) => one.partition === partition)?.offset ?? 0));
    return { done: lag.length === partitions && lag.every((behind) => behind === 0), seen: lag };
  }, 120_000); // prettier-ignore

/** Whether spend adds up to what events cost. */
export async function isSpendEqual(rows: RowStore): Promise<boolean> {
  const [found] = await rows.query<{ events: string; spend: string }>(
    'SELECT (SELECT sum(cost_nano_usd) FROM telltale.events) AS events, (SELECT sum(cost_nano_usd) FROM telltale.spend) AS spend',
  );
  return Number(found?.events) > 0 && found?.events === found?.spend;
}

/** The slots of one metric, in counts. */
export const onlyOf = (reckoning: Reckoning, metric: string): Record<string, { count: number; errors: number }> =>
  Object.fromEntries(
    [...reckoning]
      .filter(([slot]) => slot.startsWith(`${metric} `))
      .map(([slot, { count, errors }]) => [slot, { count, errors }]),
  );

/** The single-process reference: counted straight from the events of the load. */
export function expectedDurations(count: number, start: number): Record<string, { count: number; errors: number }> {
  const expected: Record<string, { count: number; errors: number }> = {};
  for (let i = 0; i < count; i++) {
    const event = loadEvent(i, start);
    if (event.kind === 'turn') continue;
    const window = new Date(Math.floor((start + i * 5) / 10_000) * 10_000).toISOString();
    const slot = `operation.duration ${JSON.stringify({ service_name: event.service_name, kind: event.kind, name: event.name })} ${window}`;
    const tally = (expected[slot] ??= { count: 0, errors: 0 });
    tally.count++;
    if (event.status === 'error') tally.errors++;
  }
  return expected;
}
