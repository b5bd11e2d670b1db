import { type Anomaly, type Directive } from '@telltale/api-client';
import { type NativeEvent } from '@telltale/contracts';
import { createDice, HOUR_MS } from '@telltale/kernel';
import { type Client } from '../client/http-client';
import { sleep } from '../client/settled';
import { CliError } from '../terminal/errors';
import { type Io } from '../terminal/io';
import { createProgress } from '../terminal/progress';
import { type Chatbot } from './chatbot';
import { isOver, isRaised, nameOf } from './findings';
import { DEMO_SEED, DEMO_SETTINGS } from './scenario';
import { sendAll } from './send-events';

const SERVICE = 'chatbot';
const SLOW_TOOL = 'search_products';
/** What the tool takes when all is well: at least, and so much more at most. */
const [TOOL_MS, TOOL_SPREAD_MS] = [20, 8];
const PAST_MS = 2 * HOUR_MS;
const PAST_EVERY_MS = 3_000;
const LOOK_MS = 200;
/** A step that a machine with other work takes this long for is not coming. */
const STEP_MS = 120_000;
const CALLS_FIRST = 20;
const DETAIL_SHOWN = 3;
const CALLS_AFTER = 10;

/** A boost ends soon enough to be watched, and is not extended. */
const BOOST_MS = '8000';
export const SDK_SETTINGS = { ...DEMO_SETTINGS, VERBOSITY_BOOST_TTL_MS: BOOST_MS, VERBOSITY_BOOST_MAX_MS: BOOST_MS };

interface Detail {
  readonly at: string;
  readonly body: string;
}
/** What happened when; times are ISO 8601, UTC. */
export interface SdkLoop {
  readonly slow: { readonly at: string; readonly tool: string };
  readonly anomaly: { readonly at: string; readonly id: string; readonly summary: string };
  readonly directive: { readonly at: string; readonly id: string; readonly target: string; readonly set: string };
  /** How long after it was raised the SDK had it in force. */
  readonly applied_ms: number;
  /** Debug lines of the chatbot before the directive, those it brought, and those of calls after its end. */
  readonly debug_lines: { readonly before: number; readonly during: number; readonly after: number };
  /** The first of them. */
  readonly detail: readonly Detail[];
  readonly expired: { readonly at: string };
}

/** Calls of the slow tool in the hours before, so that what is normal is known. */
function* past(): Generator<NativeEvent> {
  const dice = createDice(DEMO_SEED);
  const now = Date.now();
  for (let at = now - PAST_MS; at < now - PAST_EVERY_MS; at += PAST_EVERY_MS)
    yield {
      kind: 'tool',
      ts: new Date(at).toISOString(),
      service_name: SERVICE,
      name: SLOW_TOOL,
      tool: { name: SLOW_TOOL },
      trace_id: `past-${at}`,
      span_id: `past-${at}`,
      duration_ms: TOOL_MS + TOOL_SPREAD_MS * dice.uniform(),
      status: 'ok',
    };
}

const isOfSlowTool = ({ dimensions, backfill }: Anomaly): boolean =>
  !backfill && dimensions['service_name'] === SERVICE && dimensions['name'] === SLOW_TOOL;
const isForSlowTool = ({ target }: Directive): boolean =>
  (JSON.parse(target) as Record<string, unknown>)['tool_name'] === SLOW_TOOL;

/** What the API and the tables have of the chatbot. */
function createQuestions({ api }: Client) {
  const rows = async (sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> => (await api.runSql({ sql })).rows;
  const where = `service_name = '${SERVICE}'`;
  return {
    callsSince: async (time: number): Promise<number> => {
      const [row] = await rows(`SELECT count() AS n FROM events WHERE ${where} AND kind = 'tool' AND tool_name = '${SLOW_TOOL}' AND ts > fromUnixTimestamp64Milli(${time})`); // prettier-ignore
      return Number(row?.['n']);
    },
    debugLines: async (): Promise<Detail[]> => {
      const lines = await rows(`SELECT toUnixTimestamp64Milli(ts) AS at, body FROM events WHERE ${where} AND severity = 'debug' ORDER BY ts`); // prettier-ignore
      return lines.map(({ at, body }) => ({ at: new Date(Number(at)).toISOString(), body: String(body) }));
    },
    anomaly: async (): Promise<Anomaly | undefined> => (await api.listAnomalies({ limit: 100 })).anomalies.find(isOfSlowTool),
    directives: async (): Promise<readonly Directive[]> =>
      (await api.listDirectives({ limit: 100 })).directives.filter(isForSlowTool),
    appliedMs: async (id: string): Promise<number | undefined> => {
      const { directives } = await api.listDirectiveStatus({});
      const status = directives.find(({ directive_id: of, applied }) => of === id && applied > 0);
      return typeof status?.p99_ms === 'number' ? status.p99_ms : undefined;
    },
  };
}

/** Asks until there is an answer. */
async function eventually<T>(io: Io, what: string, ask: () => Promise<T | null | undefined>): Promise<T> {
  const began = performance.now();
  const progress = createProgress(io, what, STEP_MS);
  try {
    while (performance.now() - began < STEP_MS) {
      if (io.signal.aborted) throw new CliError('stopped before the loop was over', 'it takes about half a minute');
      const answer = await ask();
      if (answer !== null && answer !== undefined) return answer;
      progress.update(performance.now() - began);
      await sleep(LOOK_MS, io.signal);
    }
  } finally {
    progress.end();
  }
  throw new CliError(`${what}: nothing in ${STEP_MS / 1_000} s`, 'try again when this machine has less other work');
}

/** A tool of the chatbot turns slow; tells what Telltale and the SDK make of it, until detail is back to normal. */
export async function watchSdkLoop(io: Io, client: Client, startBot: () => Chatbot, tell: (line: string) => void): Promise<{ loop: SdkLoop; chatbot: Chatbot }> {
  await sendAll(client, past(), io.signal, () => undefined);
  await client.settled(io.signal);
  const chatbot = startBot();
  try {
    return { loop: await Promise.race([runLoop(io, client, chatbot, tell), chatbot.failed]), chatbot };
  } catch (error) {
    await chatbot.stop();
    throw error;
  }
} // prettier-ignore

type Questions = ReturnType<typeof createQuestions>;

/** Prints steps with their time, and how long after `slowAt` it was. */
function createTimeline(slowAt: string, tell: (line: string) => void) {
  const since = (at: string): string => `${((Date.parse(at) - Date.parse(slowAt)) / 1_000).toFixed(1)} s`.padStart(7);
  return (mark: string, at: string, what: string, text: string): void =>
    tell(`  ${mark} ${at.slice(11, 23)} ${since(at)}  ${what.padEnd(10)} ${text}`);
}

/** From the anomaly to the directive that the SDK has in force. */
async function watchRaise(io: Io, ask: Questions, step: ReturnType<typeof createTimeline>): Promise<Pick<SdkLoop, 'anomaly' | 'directive' | 'applied_ms'>> {
  const anomaly = await eventually(io, 'waiting for the anomaly', ask.anomaly);
  const foundAt = new Date().toISOString();
  const { id, issued_at: raisedAt, target, set } = await eventually(io, 'waiting for the directive', async () => (await ask.directives()).find((one) => isRaised(one) || isOver(one)));
  // It can be asked for a moment later than it was found.
  const at = foundAt < raisedAt ? foundAt : raisedAt;
  step('▲', at, 'anomaly', anomaly.summary);
  step('↑', raisedAt, 'directive', `boost ${set} for ${nameOf(target)}`);
  const appliedMs = await eventually(io, 'waiting for the SDK', () => ask.appliedMs(id));
  step('✓', new Date(Date.parse(raisedAt) + appliedMs).toISOString(), 'applied', `by the SDK, ${Math.round(appliedMs)} ms later`);
  return { anomaly: { at, id: anomaly.id, summary: anomaly.summary }, directive: { at: raisedAt, id, target, set }, applied_ms: appliedMs };
} // prettier-ignore

async function runLoop(io: Io, client: Client, chatbot: Chatbot, tell: (line: string) => void): Promise<SdkLoop> {
  const ask = createQuestions(client);
  const startedAt = Date.now();
  await eventually(io, 'the chatbot starts', async () => (await ask.callsSince(startedAt)) >= CALLS_FIRST || null);
  const before = (await ask.debugLines()).length;
  tell(`A chatbot in Python answers, through the SDK: tool ${SLOW_TOOL} takes ${TOOL_MS} ms, ${before} debug lines were sent.`);

  chatbot.makeSlow(SLOW_TOOL);
  const slow = { at: new Date().toISOString(), tool: SLOW_TOOL };
  const step = createTimeline(slow.at, tell);
  step('●', slow.at, 'slow', `tool ${SLOW_TOOL} takes twenty times as long from here on`);
  const raise = await watchRaise(io, ask, step);

  const linesSince = async (): Promise<Detail[]> => (await ask.debugLines()).slice(before);
  const detail = await eventually(io, 'waiting for detail', async () => {
    const lines = (await linesSince()).slice(0, DETAIL_SHOWN);
    return lines.length < DETAIL_SHOWN ? null : lines;
  });
  for (const { at, body } of detail) step('·', at, 'detail', `${body}${at < raise.directive.at ? ' (was held in memory)' : ''}`);

  const { expires_at: expiredAt } = await eventually(io, 'waiting for its end', async () =>
    (await ask.directives()).find((one) => one.id === raise.directive.id && isOver(one)),
  );
  chatbot.makeNormal(SLOW_TOOL);
  const normalAt = Date.now();
  step('↓', expiredAt, 'expired', 'by itself; debug lines stay in the memory of the program again');
  await eventually(io, 'the chatbot goes on', async () => (await ask.callsSince(normalAt)) >= CALLS_AFTER || null);
  const lines = await linesSince();
  const after = lines.filter(({ at }) => at > expiredAt).length;
  const during = lines.length - after;
  tell(`${during} debug lines of tool ${SLOW_TOOL} came with the directive, ${after} after its end.`);
  return { slow, ...raise, detail, debug_lines: { before, during, after }, expired: { at: expiredAt } };
}
