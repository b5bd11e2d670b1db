import { type SessionRecord, sessionJson, TOPICS, type TurnRecord, turnRecord } from '@telltale/contracts';
import {
  adding,
  type BatchContext,
  createBatchPipeline,
  createEffects,
  dlq,
  drop,
  type LogRecord,
  ok,
  readRecord,
  reportResult,
  type Step,
  type StepResult,
  type TaskProcessor,
} from '@telltale/streaming';
import { type SessionsConfig } from './config';
import { rejectRecord } from './reject-record';
import { createSessionGroups, type SessionGroups } from './state/session-groups';
import { turnKeyOf } from './turn-record';
import { sessionChangesOf } from './session-changes';

interface ReadTurn {
  readonly turn: TurnRecord;
  /** It was sent under the key it had before, to say that it has moved. */
  readonly isMovedAway: boolean;
}

function readTurn(record: LogRecord): StepResult<LogRecord & ReadTurn> {
  const read = readRecord<TurnRecord>(record, turnRecord, 'readTurn');
  if (read.kind === 'rejected') return dlq(read.rejection.reason, read.rejection.error);
  if (read.kind === 'none') return drop('tombstone');
  const turn = read.value;
  return ok(adding(record, { turn, isMovedAway: record.key !== turnKeyOf(turn) }));
}

const createGroupStep = (groups: Pick<SessionGroups, 'add'>): Step<ReadTurn, object, BatchContext> =>
  function group(item) {
    groups.add(item.turn, item.isMovedAway);
    return ok(item);
  };

/** One task of sessions: turns → groups of turns → the sessions in them that changed → rows and records. */
export function createSessionsTask(config: SessionsConfig, restored: ReadonlyMap<string, Buffer>): TaskProcessor {
  const groups = createSessionGroups(restored, config.SESSIONS_MAX_OPEN_BYTES);
  const pipeline = createBatchPipeline<LogRecord, BatchContext>(rejectRecord).pipe(readTurn).pipe(createGroupStep(groups));

  return {
    process(records, ctx) {
      const effects = createEffects();
      groups.startBatch(ctx.now);
      reportResult(pipeline.runSync(records, ctx), effects);
      const write = (session: SessionRecord): void => {
        const json = sessionJson(session);
        effects.row('sessions', json);
        effects.output(TOPICS.sessions, `${session.tenant}/${session.session_id}`, json);
        effects.count(session.turns === 0 ? 'sessions_merged' : 'sessions_written');
      };
      for (const group of groups.changed()) {
        const { sessions, written, over, beginning } = sessionChangesOf(group);
        group.written = written;
        sessions.forEach(write);
        if (over.length > 0) groups.drop(group, over, beginning);
      }
      groups.flush(effects);
      return effects.done();
    },
    due: groups.due,
  };
}
