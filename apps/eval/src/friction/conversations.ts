import { sessionRecord, type SessionRecord, TOPICS } from '@telltale/contracts';
import { SECOND_MS } from '@telltale/kernel';
import { sessionsConfig, sessionsService, turnsConfig, turnsService } from '@telltale/pipeline-turns';
import { createRandom } from '@telltale/simulator';
import { type LogRecord } from '@telltale/streaming';
import { z } from 'zod';
import { createEvalEnricher } from '../enricher';
import { readAirline } from '../read-airline';
import { byPartition, createTasks, PARTITIONS } from '../turns/tasks';

const conversations = z.array(z.looseObject({ traj: z.array(z.unknown()), reward: z.number(), task_id: z.number().optional() }));

/** A conversation as its session was written, and how it really ended. */
export interface JudgedSession {
  readonly session: SessionRecord;
  readonly failed: boolean;
  /** Conversations of one task are alike. */
  readonly task: number;
}

const FORM = 'a JSON list of objects with traj, a list of messages in the form of OpenAI, and reward, 1 where it succeeded';

const recordOf = (conversation: unknown, at: number): LogRecord => ({
  topic: TOPICS.raw.name, partition: 0, offset: 0, key: null, value: Buffer.from(JSON.stringify(conversation)), headers: { 'tt-format': 'openai-chat' }, timestampMs: at,
}); // prettier-ignore

const START = Date.UTC(2026, 0, 31, 11);

/** Conversations through enricher, turns and sessions, as an import has them. The verdict is not given to them. */
export async function sessionsIn(path: string): Promise<JudgedSession[]> {
  const random = createRandom(5);
  const enricher = createTasks(createEvalEnricher(), random);
  const turns = createTasks(turnsService.open(turnsConfig.parse({}), { measurePartitions: 1 }), random);
  const sessions = createTasks(sessionsService.open(sessionsConfig.parse({}), undefined), random);
  const written = new Map<string, SessionRecord>();
  const verdicts = new Map<string, { readonly failed: boolean; readonly task: number }>();
  let now = START;

  async function onward(partition: number, records: readonly LogRecord[]): Promise<void> {
    const said = await turns.run(partition, records, now);
    for (const [to, list] of byPartition(said.outputs, TOPICS.turns.name).entries())
      for (const row of (await sessions.run(to, list, now)).rows.get('sessions') ?? []) {
        const session = sessionRecord.parse(JSON.parse(String(row)));
        written.set(session.session_id, session);
      }
  }
  for (const { reward, task_id: task, ...conversation } of readAirline(path, conversations, FORM)) {
    now += SECOND_MS;
    const { outputs } = await enricher.run(0, [recordOf(conversation, now)], now);
    const events = byPartition(outputs, TOPICS.events.name);
    for (const { value } of events.flat()) {
      const { session_id: id } = JSON.parse(String(value)) as { session_id?: string };
      if (id) verdicts.set(id, { failed: reward < 1, task: task ?? verdicts.size });
    }
    for (let partition = 0; partition < PARTITIONS; partition++) await onward(partition, events[partition] ?? []);
  }
  now += 3_600 * SECOND_MS;
  for (let partition = 0; partition < PARTITIONS; partition++) await onward(partition, []);
  return [...written].flatMap(([id, session]) => {
    const verdict = verdicts.get(id);
    return verdict && session.turns > 0 ? [{ session, ...verdict }] : [];
  });
}
