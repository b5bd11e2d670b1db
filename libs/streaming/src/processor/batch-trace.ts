import { type Clock, TelltaleError } from '@telltale/kernel';
import { type LogRecord } from '../ports/broker';
import { type Span, type Tracer } from '../ports/tracer';
import { createStepTimer } from '../pipeline/step-timer';
import { type OffsetRange } from './offset-range';
import { servesOthers } from './serves-others';
import { type BatchEffects } from './task-processor';

export type Phase = 'wait' | 'process' | 'insert' | 'commit';
/** How a batch ended that was not committed. */
export type Interruption = 'cancelled' | 'fenced' | 'failed';

const SPAN_NAMES: Readonly<Record<Phase, string>> = { wait: 'fetch', process: 'process', insert: 'insert', commit: 'transact' };
const MAX_NAMED_RANGES = 32;

interface TracedTask {
  readonly service: string;
  readonly groupId: string;
  readonly partition: number;
}

/** What is known of the batch that is being worked on. `wallMs` is the difference of both clocks when it began. */
interface OpenBatch {
  readonly from: number;
  readonly wallMs: number;
  readonly parts: Span[];
  readonly inserts: Span[];
  retries: number;
  range: OffsetRange | null;
  records: readonly LogRecord[];
}

const classOf = (error: unknown): string =>
  error instanceof TelltaleError ? error.code : error instanceof Error ? error.name : typeof error;

/** One trace a batch, from what the run loop measures anyway. */
export function createBatchTrace({ service, groupId, partition }: TracedTask, clock: Clock, tracer: Tracer) {
  const timer = createStepTimer(clock);
  let open: OpenBatch | null = null;

  const begin = (from: number): OpenBatch => ({
    from,
    wallMs: clock.now() - clock.monotonic(),
    parts: [],
    inserts: [],
    retries: 0,
    range: null,
    records: [],
  });
  const spanOf = ({ wallMs }: OpenBatch, name: string, from: number, parts: readonly Span[] = []): Span => ({
    name,
    from: from + wallMs,
    to: clock.monotonic() + wallMs,
    ...(parts.length > 0 && { parts }),
  });

  /** The steps take turns, item by item: each span has the length of a step's time over all items, one behind the other. */
  function stepsFrom(from: number): Span[] {
    let at = from;
    return timer.take().map(([name, ms]) => ({ name, from: at, to: (at += ms) }));
  }

  function record(batch: OpenBatch, outcome: string, more: Span['attributes'], error?: string): void {
    const spans = [...(batch.range?.spans ?? [])].filter(([, { from, end }]) => end > from);
    tracer.record({
      ...spanOf(batch, 'batch', batch.from, batch.parts),
      service,
      kind: 'consumer',
      attributes: {
        'messaging.consumer.group.name': groupId,
        'messaging.destination.partition.id': String(partition),
        'messaging.batch.message_count': batch.records.length,
        'telltale.batch.offsets': spans.slice(0, MAX_NAMED_RANGES).map(([topic, { from, end }]) => `${topic}=${from}-${end}`),
        'telltale.batch.outcome': outcome,
        'telltale.batch.retries': batch.retries,
        ...more,
      },
      isUnusual: batch.retries > 0,
      servesOthersThan: (tenant) => servesOthers(batch.records, tenant),
      ...(error !== undefined && { error }),
    });
  }

  return {
    timer,
    /** A phase is over that began at `from` (monotonic). Each round of the loop begins with a wait, and a batch whose intent came with the one before has none. */
    phase(phase: Phase, from: number): void {
      if (open === null || phase === 'wait') open = begin(from);
      const parts = phase === 'process' ? stepsFrom(from + open.wallMs) : phase === 'insert' ? open.inserts.splice(0) : [];
      open.parts.push(spanOf(open, SPAN_NAMES[phase], from, parts));
    },
    inserted(table: string, from: number): void {
      open?.inserts.push(spanOf(open, `insert ${table}`, from));
    },
    retried(): void {
      if (open) open.retries++;
    },
    began(range: OffsetRange, records: readonly LogRecord[]): void {
      open ??= begin(clock.monotonic());
      open.range = range;
      open.records = records;
    },
    committed({ rows, outputs, rejections, counts }: BatchEffects): void {
      if (!open) return;
      let inserted = 0;
      for (const ofTable of rows.values()) inserted += ofTable.length;
      record(open, 'committed', {
        'telltale.batch.rows': inserted,
        'telltale.batch.outputs': outputs.length,
        'telltale.batch.dead_letters': rejections.length,
        ...(counts?.['events'] !== undefined && { 'telltale.batch.events': counts['events'] }),
      });
      open = null;
    },
    /** The task ends; a batch that was under way is repeated by the next owner. */
    interrupted(how: Interruption, error: unknown): void {
      if (open?.range) record(open, how, {}, how === 'cancelled' ? undefined : classOf(error));
      open = null;
    },
  };
}
