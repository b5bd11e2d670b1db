import { TOPICS, type DlqHeaders } from '@telltale/contracts';
import { isoTime, isRecord } from '@telltale/kernel';
import { describeOversized, type OutputRecord, type OversizedRecord, RecordsTooLarge } from '../ports/broker';
import { type BatchContext } from './task-processor';
import { type Topology } from '../service/define-service';

/** An output becomes a DLQ record; if that is too large, it loses its body. Without a body it fits any DLQ. */
const MAX_REPLACEMENTS = 2;

/** The tenant of an output, for readers of the DLQ. */
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
    'x-dlq-service': service,
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

/**
 * A DLQ record that is itself too large loses its body. For state, rethrows: a task that loses a state change would not repeat its work the
 * same way.
 */
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
 * Writes the outputs in one transaction and replaces those that are too large for their topics by DLQ records. Outputs are redacted, so
 * their DLQ records are not encrypted. Calls `onOversized` once with all of them.
 */
export async function transactFitting(
  outputs: readonly OutputRecord[],
  transact: (outputs: readonly OutputRecord[]) => Promise<void>,
  options: {
    readonly topology: Pick<Topology, 'name' | 'stateTopic'>;
    readonly ctx: BatchContext;
    readonly onOversized: (error: RecordsTooLarge) => void;
  },
): Promise<void> {
  let records = outputs;
  for (let replacements = 0; ; replacements++) {
    try {
      return await transact(records);
    } catch (error) {
      if (!(error instanceof RecordsTooLarge) || replacements >= MAX_REPLACEMENTS) throw error;
      records = withDeadLetters(records, error, options.topology, options.ctx);
      if (replacements === 0) options.onOversized(error);
    }
  }
}
