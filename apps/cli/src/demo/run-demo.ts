import { type Anomaly, type Incident } from '@telltale/api-client';
import { type NativeEvent } from '@telltale/contracts';
import { DAY_MS } from '@telltale/kernel';
import { type Client } from '../client/http-client';
import { sleep } from '../client/settled';
import { type Io } from '../terminal/io';
import { createProgress } from '../terminal/progress';
import { createTeller, type Findings, isOver, isRaised, readFindings } from './findings';
import {
  DEMO_SEED,
  EVENTS_OF_DAY,
  faultsOfDay,
  faultsOfNow,
  isOfLiveFault,
  LIVE_EVENTS_PER_SECOND,
  LIVE_FAULT_MS,
  LIVE_SLOW_TOOL,
  POISON_EVERY,
} from './scenario';
import { sendAll, sendLive } from './send-events';

const LOOK_MS = 400;
const MOST_ANOMALIES_TOLD = 6;

export interface DemoSummary {
  readonly sessions: number;
  readonly events: number;
  readonly anomalies: readonly Pick<Anomaly, 'metric' | 'dimensions' | 'started_at' | 'score' | 'backfill' | 'summary'>[];
  readonly directives_raised: number;
  readonly directives_expired: number;
  readonly spend_usd: number;
  readonly spend_by_service: Readonly<Record<string, number>>;
  readonly incidents: readonly Pick<Incident, 'title' | 'kind' | 'state' | 'opened_at' | 'backfill'>[];
  readonly dlq: number;
  readonly seconds: number;
}

/** The fleet from now on, for as long as somebody asks. */
async function fleetFromNow(): Promise<Iterator<NativeEvent>> {
  const { simulateFleet } = await import('@telltale/simulator');
  const start = Date.now();
  return simulateFleet({
    seed: DEMO_SEED + 1,
    start,
    end: start + DAY_MS,
    ratePerSecond: LIVE_EVENTS_PER_SECOND,
    faults: faultsOfNow(start),
    poisonEvery: POISON_EVERY,
  });
}

async function replayDay(io: Io, client: Client, tell: (line: string) => void): Promise<void> {
  const { BUSIEST_HOUR_UTC, simulateFleet } = await import('@telltale/simulator');
  const end = Date.now();
  const began = performance.now();
  const progress = createProgress(io, 'replaying a day', EVENTS_OF_DAY);
  const events = simulateFleet({
    seed: DEMO_SEED,
    start: end - DAY_MS,
    end,
    eventsPerDay: EVENTS_OF_DAY,
    faults: faultsOfDay(end, BUSIEST_HOUR_UTC),
  });
  const sent = await sendAll(client, events, io.signal, (count) => progress.update(count, `${count} events`));
  progress.update(EVENTS_OF_DAY, 'understanding it');
  await client.settled(io.signal);
  progress.end();
  const seconds = (performance.now() - began) / 1_000;
  tell(
    `A day of 3 services, 12 tools, 4 models: ${sent.toLocaleString('en')} events replayed and understood in ${seconds.toFixed(1)} s.`,
  );
}

/** Found on the day, the furthest deviations first. */
function tellDay(findings: Findings, tell: (line: string) => void): void {
  const anomalies = [...findings.anomalies].sort((a, b) => b.score - a.score);
  const shown = anomalies.slice(0, MOST_ANOMALIES_TOLD);
  createTeller(tell, true)({ ...findings, anomalies: shown.reverse(), directives: [], dlq: 0 });
  if (anomalies.length > shown.length) tell(`    and ${anomalies.length - shown.length} more anomalies`);
}

async function summarize(client: Client, began: number): Promise<DemoSummary> {
  const [findings, { spend: services }, counts] = await Promise.all([
    readFindings(client),
    client.api.getSpend({ by: 'service' }),
    client.api.countEvents(),
  ]);
  const cents = (usd: number): number => Math.round(usd * 100) / 100;
  return {
    sessions: counts.sessions,
    events: counts.events,
    anomalies: findings.anomalies.map(({ metric, dimensions, started_at, score, backfill, summary }) => ({
      metric,
      dimensions,
      started_at,
      score,
      backfill,
      summary,
    })),
    directives_raised: findings.directives.filter((directive) => isRaised(directive) || isOver(directive)).length,
    directives_expired: findings.directives.filter(isOver).length,
    spend_usd: cents(services.reduce((sum, { usd }) => sum + usd, 0)),
    spend_by_service: Object.fromEntries(services.map(({ service_name = '', usd }) => [service_name, cents(usd)])),
    incidents: findings.incidents.map(({ title, kind, state, opened_at, backfill }) => ({
      title,
      kind,
      state,
      opened_at,
      backfill,
    })),
    dlq: findings.dlq,
    seconds: Math.round((performance.now() - began) / 100) / 10,
  };
}

/** A day at high speed, then live with a slowdown; tells what is found as it is found. `live` keeps flowing until it is stopped. */
export async function runDemo(
  io: Io,
  client: Client,
  began: number,
  tell: (line: string) => void,
): Promise<{ summary: DemoSummary; stop: () => Promise<void> }> {
  await replayDay(io, client, tell);
  tellDay(await readFindings(client), tell);

  const { tool, service } = LIVE_SLOW_TOOL;
  tell(`Now live, ${LIVE_EVENTS_PER_SECOND} events a second; tool ${tool} of ${service} has just turned slow.`);
  const stopping = new AbortController();
  const flow = sendLive(client, await fleetFromNow(), AbortSignal.any([io.signal, stopping.signal]));
  // Somebody must look at a failure of the flow even if it comes before the wait for its end.
  flow.catch(() => undefined);
  const stop = async (): Promise<void> => {
    stopping.abort();
    await flow;
  };
  const tellLive = createTeller(tell, false);
  const liveFrom = performance.now();
  // It ends when all is found, on a machine of its own after half a minute in all, or says what it has by then.
  const deadline = liveFrom + LIVE_FAULT_MS;
  const progress = createProgress(io, 'watching', LIVE_FAULT_MS);
  const isComplete = ({ anomalies, directives, dlq, incidents }: Findings): boolean =>
    anomalies.some((anomaly) => !anomaly.backfill && isOfLiveFault(anomaly.dimensions)) &&
    incidents.length > 0 &&
    directives.some(isOver) &&
    dlq > 0;
  while (!io.signal.aborted && performance.now() < deadline) {
    const findings = await readFindings(client);
    progress.end();
    tellLive(findings);
    if (isComplete(findings)) break;
    progress.update(
      performance.now() - liveFrom,
      `${findings.anomalies.length} anomalies, ${findings.directives.length} directives, ${findings.dlq} in the DLQ`,
    );
    await sleep(LOOK_MS, io.signal);
  }
  progress.end();
  return { summary: await summarize(client, began), stop };
}
