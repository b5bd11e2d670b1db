import { createChdbRowStore } from '@telltale/adapter-clickhouse';
import { type CostRecord, type EventRecord, type NativeEvent, TOPICS } from '@telltale/contracts';
import { isPaid } from '@telltale/domain-cost';
import { createPriceBook, pricedCallOf, withOverrides } from '@telltale/domain-pricing';
import { type Clock, DAY_MS, MINUTE_MS, partitionOf } from '@telltale/kernel';
import { costsService } from '@telltale/pipeline-costs';
import { priceAgain } from '@telltale/query';
import { createRandom } from '@telltale/simulator';
import { type BatchEffects, type LogRecord } from '@telltale/streaming';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEvalEnricher } from '../../enricher';
import { byPartition, PARTITIONS } from '../../turns/tasks';
import { countedSpend, type PaidCall, spendDifferences } from './count-spend';
import { createKilledTasks } from './killed-tasks';
import { randomCall, UNKNOWN_MODEL } from './random-calls';

/** Far ahead: the store deletes what expired by the clock of the machine. */
const START = Date.UTC(2060, 0, 31, 22);
const BATCH = 40;
/** A client that gets no answer sends a batch again, so many batches later at most. */
const [RESEND_SHARE, RESEND_WITHIN] = [0.25, 30];
const MAX_DIFFERENCES = 10;
const LATE_MS = MINUTE_MS;

/** Prices that come to be known later: of one model another, and one of a model that had none. */
const CORRECTED = withOverrides(createPriceBook(), [
  { name: 'later', provider: '*', model: 'gpt-4o', usd_per_million: { input: 2.345_67, output: 9.876_54 } },
  { name: 'known', provider: '*', model: UNKNOWN_MODEL, usd_per_million: { input: 0.123_457, output: 0.765_433 } },
]);

export interface ExactnessFigures {
  /** Spend with corrections is the sum of round(cost × weight) over events, in all and by every dimension, and so is the topic of costs. */
  readonly spend_exact: boolean;
  readonly exact_counts: {
    readonly events: number;
    readonly paid_calls: number;
    readonly weighted: number;
    readonly unpriced_at_first: number;
    readonly unpriced_at_last: number;
    readonly late: number;
    readonly sent_again: number;
    readonly kills: number;
    readonly kills_after_insert: number;
    readonly corrections: number;
    readonly corrections_repeated: number;
  };
  readonly exact_spend_nano_usd: string;
  readonly exact_differences: readonly string[];
  /** How far off simpler sums of the same are, nano-dollars: at least once delivered, in dollars as floating-point numbers, without the re-pricing. */
  readonly exact_peers_off_nano_usd: {
    readonly at_least_once: string;
    readonly floating_point: string;
    readonly not_repriced: string;
  };
}

interface Sent {
  readonly body: readonly NativeEvent[];
  readonly partition: number;
}

/** Batches in the order in which they come, some again later. */
function batchesOf(seed: number, events: number): { readonly sent: Sent[]; readonly again: number } {
  const random = createRandom(seed);
  const order: { at: number; one: Sent }[] = [];
  let again = 0;
  for (let nth = 0, batch = 0; nth < events; nth += BATCH, batch++) {
    const body = Array.from({ length: Math.min(BATCH, events - nth) }, (_, i) =>
      randomCall(random, nth + i, START + batch * 1_000),
    );
    const one = { body, partition: batch % PARTITIONS };
    order.push({ at: batch, one });
    if (!random.chance(RESEND_SHARE)) continue;
    order.push({ at: batch + random.int(0, RESEND_WITHIN) + 0.5, one });
    again += body.length;
  }
  return { sent: order.sort((a, b) => a.at - b.at).map(({ one }) => one), again };
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value);

/** Random calls through enricher and costs into the tables, with kills, repeats, late calls and one re-pricing. */
export async function evaluateExactness({ seed, events: count }: { readonly seed: number; readonly events: number }): Promise<ExactnessFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-exact-'));
  const rows = createChdbRowStore({ path: folder });
  try {
    await rows.migrate('apply');
    const random = createRandom(seed + 1);
    const enricher = createKilledTasks(createEvalEnricher(), random, rows, ['events']);
    const costs = createKilledTasks(costsService.open({}), random, rows, ['spend', 'cost_corrections']);
    const events = new Map<string, EventRecord>();
    const delivered: NativeEvent[] = [];
    let [now, topicNano, repeated] = [START, 0n, 0];

    async function intoCosts(partition: number, records: readonly LogRecord[]): Promise<void> {
      const effects: BatchEffects = await costs.run(partition, records, now);
      repeated += effects.counts?.['corrections_repeated'] ?? 0;
      for (const { topic, value } of effects.outputs)
        if (topic === TOPICS.costs.name) topicNano += BigInt((JSON.parse(String(value)) as CostRecord).cost_nano_usd);
    }
    async function send({ body, partition }: Sent): Promise<void> {
      delivered.push(...body);
      now += 1_000;
      const record = { topic: TOPICS.raw.name, partition, offset: 0, key: null, value: Buffer.from(JSON.stringify(body)), headers: { 'tt-format': 'native', 'tt-encoding': 'json' }, timestampMs: now }; // prettier-ignore
      const { outputs } = await enricher.run(partition, [record], now);
      const traceOf = ({ value }: { readonly value: unknown }): string => {
        const event = JSON.parse(String(value)) as EventRecord;
        events.set(event.id, event);
        return event.trace_id;
      };
      for (const [to, records] of byPartition(outputs, TOPICS.events.name, traceOf).entries())
        if (records.length > 0) await intoCosts(to, records);
    }

    // The log of corrections: costs reads as much as there is whenever it is asked how far it has come, and meets some of it twice.
    const corrections: LogRecord[] = [];
    let taken = 0;
    const broker = {
      describe: ([name = '']: readonly string[]) =>
        Promise.resolve([{ name, partitions: Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, start: 0, end: corrections.length })) }]),
      produce: (records: readonly { readonly topic: string; readonly key: string | null; readonly value: string | Buffer | null }[]) => {
        for (const { topic, key, value } of records) {
          const record: LogRecord = { topic, partition: 0, offset: corrections.length, key, value: Buffer.from(value ?? ''), headers: {}, timestampMs: now };
          for (let times = random.chance(0.2) ? 2 : 1; times > 0; times--) corrections.push(record);
        }
        return Promise.resolve();
      },
      groupOffsets: async (_group: string, [name = '']: readonly string[]) => {
        for (; taken < corrections.length; taken += BATCH) {
          const batch = corrections.slice(taken, taken + BATCH);
          await intoCosts(partitionOf(batch[0]?.key ?? '', PARTITIONS), batch);
        }
        taken = corrections.length;
        return new Map([[name, Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, offset: taken }))]]);
      },
    }; // prettier-ignore
    const clock: Clock = { now: () => now, monotonic: () => now, sleep: (ms) => Promise.resolve(void (now += ms)) };
    const reprice = async (): Promise<number> => {
      const deps = { rows, broker, clock, book: CORRECTED, stopping: new AbortController().signal };
      const tenants = new Set([...events.values()].map(({ tenant }) => tenant));
      let sum = 0;
      for (const tenant of tenants) sum += (await priceAgain(deps, { tenant, from: START - 3 * DAY_MS, to: START + 3 * DAY_MS, dryRun: false })).corrections;
      now += 1_000;
      return sum;
    }; // prettier-ignore

    const { sent, again } = batchesOf(seed, count);
    const half = Math.floor(sent.length / 2);
    for (const one of sent.slice(0, half)) await send(one);
    let corrected = await reprice();
    // Asked again, as people do when they get no answer; nothing may change.
    const twice = await reprice();
    for (const one of sent.slice(half)) await send(one);
    corrected += await reprice();

    const calls = [...events.values()].filter(isPaid).map((event): PaidCall => {
      const price = CORRECTED.priceOf(pricedCallOf(event, Date.parse(event.ts)));
      return { event, costNanoUsd: price?.costNanoUsd ?? event.cost_nano_usd };
    });
    const total = countedSpend(calls);
    const wrong = await spendDifferences(rows, calls);
    const missing = count - events.size;
    if (missing !== 0) wrong.push(`${missing} events are missing`);
    if (twice > 0) wrong.push(`${twice} corrections of what was corrected`);
    if (topicNano !== total) wrong.push(`the topic of costs: ${topicNano - total} nano-dollars off`);
    const byId = new Map(calls.map((call) => [call.event.id, call]));
    const kills = [enricher, costs].map((tasks) => tasks.kills());
    const dollars = calls.reduce((sum, { event, costNanoUsd }) => sum + ((costNanoUsd ?? 0) / 1e9) * event.sampling_weight, 0);
    const allDelivered = delivered.flatMap(({ id = '' }) => byId.get(id) ?? []);
    return {
      spend_exact: wrong.length === 0,
      exact_counts: {
        events: events.size,
        paid_calls: calls.length,
        weighted: calls.filter(({ event }) => event.sampling_weight !== 1).length,
        unpriced_at_first: calls.filter(({ event }) => event.cost_nano_usd === null).length,
        unpriced_at_last: calls.filter(({ costNanoUsd }) => costNanoUsd === null).length,
        late: calls.filter(({ event }) => Date.parse(event.received_at) - Date.parse(event.ts) > LATE_MS).length,
        sent_again: again,
        kills: kills.reduce((sum, of) => sum + of.before_insert + of.after_insert, 0),
        kills_after_insert: kills.reduce((sum, of) => sum + of.after_insert, 0),
        corrections: corrected,
        corrections_repeated: repeated,
      },
      exact_spend_nano_usd: String(total),
      exact_differences: wrong.slice(0, MAX_DIFFERENCES),
      exact_peers_off_nano_usd: {
        at_least_once: String(abs(countedSpend(allDelivered) - total)),
        floating_point: String(abs(BigInt(Math.round(dollars * 1e9)) - total)),
        not_repriced: String(abs(countedSpend(calls.map(({ event }) => ({ event, costNanoUsd: event.cost_nano_usd }))) - total)),
      },
    };
  } finally {
    await rows.close();
    rmSync(folder, { recursive: true, force: true });
  }
} // prettier-ignore
