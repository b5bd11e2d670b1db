import { TOPICS, type DlqHeaders } from '@telltale/contracts';
import { isoTime, isRecord } from '@telltale/kernel';
import { describeOversized, type OutputRecord, type OversizedRecord, RecordsTooLarge } from '../ports/broker';
import { type BatchContext } from './task-processor';
import { type Topology } from '../service/define-service';

/** An output becomes a DLQ record, and that one loses its body; what is too large then is too large for any DLQ. */
const MAX_REPLACEMENTS = 2;

/** Whose an output is, for those who read the DLQ. */
function tenantOf({ value }: OutputRecord): string | null {
  try {
    const body: unknown = JSON.parse(String(value));
    return isRecord(body) && typeof body['tenant'] === 'string' ? body['tenant'] : null;
  } catch {
    return null;
  }
}

function deadLetter(output: OutputRecord, one: OversizedRecord, service: string, ctx: BatchContext): OutputRecord {
  const tenant = tenantOf(output);
  const why: DlqHeaders = {
    'x-dlq-reason': 'too_large',
    'x-dlq-stage': service,
    'x-dlq-step': 'output',
    'x-dlq-topic': output.topic,
    'x-dlq-partition': String(output.partition ?? -1),
    'x-dlq-offset': '-1',
    'x-dlq-timestamp': isoTime(ctx.now),
    'x-dlq-error': describeOversized(one),
  };
  const headers = { ...output.headers, ...(tenant === null ? {} : { 'tt-tenant': tenant }), ...why };
  return { topic: TOPICS.dlq.name, key: output.key, value: output.value, headers };
}

/** A DLQ record that is too large itself goes without its body. State is thrown on: a task that forgets a change would not repeat what it did. */
function withDeadLetters(
  outputs: readonly OutputRecord[],
  error: RecordsTooLarge,
  topology: Pick<Topology, 'name' | 'stateTopic'>,
  ctx: BatchContext,
): OutputRecord[] {
  const replaced = [...outputs];
  for (const one of error.oversized) {
    const output = outputs[one.index];
    if (!output || output.topic === topology.stateTopic) throw error;
    replaced[one.index] =
      output.topic === TOPICS.dlq.name ? { ...output, value: null } : deadLetter(output, one, topology.name, ctx);
  }
  return replaced;
}

/**
 * Writes outputs; in the place of those that their topics do not take, DLQ records. Outputs are redacted, so they rest there as they are.
 * `onRefused` hears of each output once.
 */
export async function transactFitting(
  outputs: readonly OutputRecord[],
  transact: (outputs: readonly OutputRecord[]) => Promise<void>,
  options: {
    readonly topology: Pick<Topology, 'name' | 'stateTopic'>;
    readonly ctx: BatchContext;
    readonly onRefused: (error: RecordsTooLarge) => void;
  },
): Promise<void> {
  let records = outputs;
  for (let replacements = 0; ; replacements++) {
    try {
      return await transact(records);
    } catch (error) {
      if (!(error instanceof RecordsTooLarge) || replacements >= MAX_REPLACEMENTS) throw error;
      records = withDeadLetters(records, error, options.topology, options.ctx);
      if (replacements === 0) options.onRefused(error);
    }
  }
}
