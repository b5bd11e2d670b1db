import { isOfTurn, type TurnEvent, turnEvent } from '@telltale/domain-turn';
import { adding, dlq, drop, type LogRecord, ok, readRecord, type StepResult } from '@telltale/streaming';

export interface ReadEvent {
  readonly event: TurnEvent;
}

/** Reads what of an event its turn depends on; events of no turn are left out. */
export const createReadEventStep = () =>
  function readEvent(record: LogRecord): StepResult<LogRecord & ReadEvent> {
    const read = readRecord<TurnEvent>(record, turnEvent, 'readEvent');
    if (read.kind === 'rejected') return dlq(read.rejection.reason, read.rejection.error);
    if (read.kind === 'none') return drop('tombstone');
    return isOfTurn(read.value) ? ok(adding(record, { event: read.value })) : drop('empty');
  };
