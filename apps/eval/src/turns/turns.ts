import { type EventRecord, type SessionRecord, sessionRecord, TOPICS, type TurnRecord, turnRecord } from '@telltale/contracts';
import { MINUTE_MS } from '@telltale/kernel';
import { sessionsConfig, sessionsService, turnsConfig, turnsService } from '@telltale/pipeline-turns';
import { createRandom } from '@telltale/simulator';
import { type BatchEffects, type LogRecord } from '@telltale/streaming';
import { createEvalEnricher } from '../enricher';
import { tracesUnder } from '../normalize';
import { createPieces, END } from './pieces';
import { type CountedSession, type CountedTurn, recountSessions, recountTurns } from './recount';
import { byPartition, createTasks, PARTITIONS } from './tasks';

export interface TurnsReport {
  readonly turns: number;
  readonly sessions: number;
  readonly events: number;
  /** Rows of turns beyond the first of each: what late events amended. */
  readonly revisions: number;
  /** How often a task was lost and restored from its state. */
  readonly restores: number;
  readonly recount_equal: boolean;
  readonly sessions_equal: boolean;
  /** Of a record on the topic of turns. */
  readonly bytes_per_turn_median: number;
  readonly bytes_per_turn_p95: number;
  /** Processor time of the turns service for the same events in batches of 1,000, without restores. */
  readonly turns_us_per_event: number;
  /** Some of what is not equal, as turn or session and field. */
  readonly differences: readonly string[];
}

const MAX_PIECES_OF_BATCH = 60;
const MAX_DIFFERENCES = 10;
/** A pause in which turns go quiet, so that the rest of their events are late. */
const PAUSE_MS = 70_000;
const PAUSE_EVERY = 40;

/** Of each the record of the highest revision. */
function latest<T extends { readonly revision: number }>(records: readonly T[], keyOf: (one: T) => string): Map<string, T> {
  const found = new Map<string, T>();
  for (const one of records) if (one.revision >= (found.get(keyOf(one))?.revision ?? 0)) found.set(keyOf(one), one);
  return found;
}

/** Where `counted` and `found` differ in what was counted. */
function differencesOf(label: string, counted: object, found: object | undefined): string[] {
  if (!found) return [`${label}: missing`];
  const values = new Map<string, unknown>(Object.entries(found));
  return Object.entries(counted).flatMap(([field, value]) =>
    JSON.stringify(value) === JSON.stringify(values.get(field)) ? [] : [`${label} ${field}: ${JSON.stringify(value)} counted, ${JSON.stringify(values.get(field))} found`],
  ); // prettier-ignore
}

const cpuUs = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

const BATCH = 1_000;
/** Microseconds an event takes in the turns service, in order of start and over whole batches. */
function usPerEvent(events: readonly EventRecord[]): number {
  const task = turnsService.open(turnsConfig.parse({}), { measurePartitions: 1 }).createTask(0, new Map());
  const inOrder = [...events].sort((a, b) => (a.ts < b.ts ? -1 : 1));
  const batches = Array.from({ length: Math.ceil(inOrder.length / BATCH) }, (_, i) =>
    byPartition(
      inOrder
        .slice(i * BATCH, (i + 1) * BATCH)
        .map((event) => ({ topic: TOPICS.events.name, key: '', value: JSON.stringify(event) })),
      TOPICS.events.name,
    ).flat(),
  );
  const before = cpuUs();
  for (const [i, records] of batches.entries())
    void task.process(records, { source: 'telltale.turns/0', partition: 0, now: END + i * MINUTE_MS });
  return (cpuUs() - before) / Math.max(1, events.length);
}

/** Feeds everything through enricher, turns and sessions in batches, with pauses and restores, until nothing is open any more. */
async function runAll(pieces: readonly LogRecord[]) {
  const random = createRandom(23);
  const tasks = {
    enricher: createTasks(createEvalEnricher(), random),
    turns: createTasks(turnsService.open(turnsConfig.parse({}), { measurePartitions: 1 }), random),
    sessions: createTasks(sessionsService.open(sessionsConfig.parse({}), undefined), random),
  };
  const events: EventRecord[] = [];
  const turns: TurnRecord[] = [];
  const sessions: SessionRecord[] = [];
  const bytes: number[] = [];
  let now = END;

  async function through(effects: BatchEffects | null): Promise<void> {
    const outputs = effects?.outputs ?? [];
    // Events of a trace meet by their key.
    const keyOf = (value: unknown): string => {
      const event = JSON.parse(String(value)) as EventRecord;
      events.push(event);
      return event.trace_id || event.session_id || event.id;
    };
    const inputs = byPartition(outputs, TOPICS.events.name, ({ value }) => keyOf(value));
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const said = await tasks.turns.run(partition, inputs[partition] ?? [], now);
      for (const row of said.rows.get('turns') ?? []) {
        turns.push(turnRecord.parse(JSON.parse(String(row))));
        bytes.push(Buffer.byteLength(row));
      }
      for (const [to, records] of byPartition(said.outputs, TOPICS.turns.name).entries())
        for (const row of (await tasks.sessions.run(to, records, now)).rows.get('sessions') ?? [])
          sessions.push(sessionRecord.parse(JSON.parse(String(row))));
    }
  }

  for (let at = 0, batch = 0; at < pieces.length; batch++) {
    const size = random.int(1, MAX_PIECES_OF_BATCH);
    now += batch % PAUSE_EVERY === PAUSE_EVERY - 1 ? PAUSE_MS : random.int(1, 1_000);
    await through(await tasks.enricher.run(0, pieces.slice(at, at + size), now));
    at += size;
  }
  for (const minutes of [2, 3, 11]) {
    now += minutes * MINUTE_MS;
    await through(await tasks.enricher.run(0, [], now));
  }
  const restores = Object.values(tasks).reduce((sum, one) => sum + one.restores(), 0);
  return { events, turns, sessions, bytes: bytes.sort((a, b) => a - b), restores };
}

const sessionKey = (session: CountedSession | SessionRecord): string =>
  JSON.stringify([session.derived, session.user_id, session.started_at, session.events]);

/** `path`: a file or folder of stored traces. Turns and sessions as the services make them against a recount of all events. */
export async function evaluateTurns(path: string): Promise<TurnsReport> {
  const pieces = createPieces(await tracesUnder(path), createRandom(11));
  const { events, turns, sessions, bytes, restores } = await runAll(pieces);
  const found = latest(turns, ({ turn_id: id }) => id);
  const counted: Map<string, CountedTurn> = recountTurns(events);
  const wrong = [...counted].flatMap(([id, turn]) => differencesOf(`turn ${id}`, turn, found.get(id)));
  const extra = [...found.keys()].filter((id) => !counted.has(id)).map((id) => `turn ${id}: not in the events`);
  const written = [...latest(sessions, ({ session_id: id }) => id).values()].filter((session) => session.turns > 0);
  const bySession = new Map(written.map((session) => [sessionKey(session), session]));
  const countedSessions = recountSessions(counted.values());
  const wrongSessions = countedSessions.flatMap((one) =>
    differencesOf(`session ${sessionKey(one)}`, one, bySession.get(sessionKey(one))),
  );
  const at = (share: number): number => bytes[Math.floor((bytes.length - 1) * share)] ?? 0;
  return {
    turns: found.size,
    sessions: written.length,
    events: events.length,
    revisions: turns.length - found.size,
    restores,
    recount_equal: wrong.length + extra.length === 0,
    sessions_equal: wrongSessions.length === 0 && written.length === countedSessions.length,
    bytes_per_turn_median: at(0.5),
    bytes_per_turn_p95: at(0.95),
    turns_us_per_event: Math.round(usPerEvent(events) * 10) / 10,
    differences: [...wrong, ...extra, ...wrongSessions].slice(0, MAX_DIFFERENCES),
  };
}
