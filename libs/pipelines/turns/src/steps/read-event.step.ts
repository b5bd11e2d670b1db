import { isOfTurn, type TurnEvent, turnEvent } from '@telltale/domain-turn';
import { drop, type LogRecord, ok, readRecord, type StepResult } from '@telltale/streaming';

/** Reads what of an event its turn depends on; events of no turn are left out. */
export const createReadEventStep = () =>
  function readEvent(record: LogRecord): StepResult<TurnEvent> {
    const read = readRecord<TurnEvent>(record, turnEvent, 'readEvent');
    if (read.kind === 'rejected') return { kind: 'dlq', reason: read.rejection.reason, error: read.rejection.error };
    if (read.kind === 'none') return drop('tombstone');
    return isOfTurn(read.value) ? ok(read.value) : drop('empty');
  };
