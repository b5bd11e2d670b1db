import { type EventRecord, TOPICS } from '@telltale/contracts';
import { costsService } from '@telltale/pipeline-costs';
import { correctionOf, isPaid } from '@telltale/domain-cost';
import { expectSync, type LogRecord } from '@telltale/streaming';
import { enrichedEvents, recordAt } from './enriched-events';

const EVENTS = 8_000;
/** The same events come so often; the service does not look at their ids. */
const ROUNDS = 15;
const CORRECTIONS = 60_000;
const PER_BATCH = 1_000;
const BATCH_MS = 200;
const START = Date.UTC(2026, 10, 23, 12);
/** What comes while the engine warms up is not counted. */
const WARM = 0.25;
const recordOf = recordAt(START);

const isOf = (event: EventRecord): boolean => isPaid(event) && event.cost_nano_usd !== null;

/** Corrections of calls like these, each of another call. */
function correctionsOf(events: readonly EventRecord[]): string[] {
  const paid = events.filter(isOf);
  return Array.from({ length: CORRECTIONS }, (_, nth) => {
    const event = paid[nth % paid.length];
    if (!event) throw new Error('no event is paid for');
    const { tenant, service_name, provider, kind, name, tool_name, trace_id, deployment_environment, service_version, user_id, agent_name, region, release, sampling_weight, cost_nano_usd, price_version } = event;
    const call = {
      tenant, id: `${event.id}-${nth}`, at: Date.parse(event.ts), service_name, provider, model: event.response_model || event.request_model, kind, name, tool_name, trace_id, deployment_environment, service_version,
      user_id, agent_name, region, release, prompt_version: '', estimated: false, backfill: false, sampling_weight, cost_nano_usd, price_version, corrected_nano_usd: null,
    };
    return JSON.stringify(correctionOf(call, { costNanoUsd: (cost_nano_usd ?? 0) + 1_001, version: 'later' }, START));
  });
} // prettier-ignore

/** Feeds batches to a new task of the service; items a second and core once it is warm, and the bytes of state that it writes. */
function rateOf(batches: readonly (readonly LogRecord[])[]): { readonly rate: number; readonly rows: number; readonly stateBytes: number } {
  const task = costsService.open({}).createTask(0, new Map());
  let [cpuUs, counted, rows, stateBytes] = [0, 0, 0, 0];
  for (const [nth, batch] of batches.entries()) {
    const before = process.cpuUsage();
    const effects = expectSync(task.process(batch, { source: 'bench/0', partition: 0, now: START + nth * BATCH_MS }));
    const { user, system } = process.cpuUsage(before);
    if (nth < WARM * batches.length) continue;
    cpuUs += user + system;
    counted += batch.length;
    for (const of of effects.rows.values()) rows += of.length;
    for (const [key, value] of effects.state) stateBytes += key.length + (value?.length ?? 0);
  }
  return { rate: Math.round((counted * 1e6) / cpuUs), rows: rows / counted, stateBytes: stateBytes / counted };
} // prettier-ignore

const inBatches = (records: readonly LogRecord[]): LogRecord[][] =>
  Array.from({ length: Math.ceil(records.length / PER_BATCH) }, (_, i) => records.slice(i * PER_BATCH, (i + 1) * PER_BATCH));

/** Events and corrections a second and core of the costs service, in memory and without any IO. */
export function benchCosts(): Promise<Record<string, number>> {
  const events = enrichedEvents(EVENTS, START).map(({ value }) => JSON.parse(String(value)) as EventRecord);
  const records = events.map((event) => recordOf(TOPICS.events.name, JSON.stringify(event), event.trace_id));
  const spend = rateOf(Array.from({ length: ROUNDS }, () => inBatches(records)).flat());
  const corrections = rateOf(
    inBatches(correctionsOf(events).map((value) => recordOf(TOPICS.corrections.name, value, 'default'))),
  );
  return Promise.resolve({
    costs_task_events_per_second_per_core: spend.rate,
    costs_paid_share: Math.round((1_000 * events.filter(isPaid).length) / events.length) / 1_000,
    costs_spend_rows_per_event: Math.round(1_000 * spend.rows) / 1_000,
    costs_corrections_per_second_per_core: corrections.rate,
    costs_state_bytes_per_correction: Math.round(corrections.stateBytes),
  });
}
