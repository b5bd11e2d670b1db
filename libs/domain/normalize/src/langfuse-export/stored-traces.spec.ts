import { type EventRecord, INPUT_BUCKETS, nativeEvent, type NativeEvent, OUTPUT_BUCKETS, tokensIn } from '@telltale/contracts';
import { testData } from '@telltale/testkit';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { normalizeNative } from '../native-event';
import { eventsOf } from './langfuse-export.fixture';

const { path: folder, describeData, leftOut } = testData('spans', 'langfuse-framework-traces');

interface Stored {
  readonly id: string;
  readonly type: string;
  readonly model: string | null;
  readonly usageDetails: Readonly<Record<string, number>>;
  readonly startTime: string;
  readonly endTime: string;
}
interface Export {
  readonly trace: { readonly id: string; readonly scores?: readonly unknown[]; readonly corrections?: readonly unknown[] };
  readonly observations: readonly Stored[];
}

const KINDS: Readonly<Record<string, string>> = { GENERATION: 'llm', TOOL: 'tool', AGENT: 'agent' };

function enriched(event: NativeEvent): EventRecord {
  const read = normalizeNative(event, { tenant: 'acme', receivedAt: 0 });
  const [draft] = read.ok ? read.value : [];
  if (!draft) throw new Error('not a native event');
  return draft.event;
}

/** What Langfuse shows of an observation; null where it shows nothing, or leaves it to others what it was. */
const shown = ({ id, type, model, usageDetails, startTime, endTime }: Stored): unknown => ({
  id,
  kind: KINDS[type] ?? null,
  model,
  input: type === 'GENERATION' ? sumOf(usageDetails, 'input', 'input_cache_read') : null,
  output: type === 'GENERATION' ? sumOf(usageDetails, 'output', 'output_reasoning') : null,
  start: Date.parse(startTime),
  duration: Date.parse(endTime) - Date.parse(startTime),
});
const sumOf = (usage: Stored['usageDetails'], whole: string, part: string): number | null =>
  usage[whole] === undefined ? null : usage[whole] + (usage[part] ?? 0);

/** The same of our event; where Langfuse shows nothing, ours is not compared. */
function imported(event: NativeEvent, stored: Stored): unknown {
  const record = enriched(event);
  const isCall = stored.type === 'GENERATION';
  return {
    id: event.span_id,
    kind: KINDS[stored.type] === undefined ? null : event.kind,
    model: stored.model && (event.response_model === stored.model ? event.response_model : event.request_model),
    input: isCall && stored.usageDetails['input'] !== undefined ? tokensIn(record, INPUT_BUCKETS) : null,
    output: isCall && stored.usageDetails['output'] !== undefined ? tokensIn(record, OUTPUT_BUCKETS) : null,
    start: Date.parse(String(event.ts)),
    duration: event.duration_ms,
  };
}

describeData(`traces as Langfuse exports them from its UI${leftOut}`, () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.trace.json'));
  const read = (file: string): Export => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Export;

  it.each(files)('%s: every record is one event, with the kind, model, tokens and times that are stored', (file) => {
    const stored = read(file);
    const { trace, observations } = stored;
    const events = eventsOf(stored);
    expect(events.flatMap((event) => nativeEvent.safeParse(event).error?.issues ?? [])).toEqual([]);
    const turns = events.filter(({ kind }) => kind === 'turn');
    expect(turns.map(({ trace_id: id }) => id)).toEqual([trace.id]);
    const judged = (trace.scores?.length ?? 0) + (trace.corrections?.length ?? 0);
    expect(events).toHaveLength(1 + observations.length + judged);
    const operations = events.slice(1, 1 + observations.length);
    expect(operations.map((event, i) => imported(event, observations[i] as Stored))).toEqual(observations.map(shown));
  });

  it('say nothing twice: what a span says of its messages is not kept as attributes beside them', () => {
    const sizes = files.map((file) => ({ file, isLarger: JSON.stringify(eventsOf(read(file))).length > JSON.stringify(read(file)).length }));
    expect(sizes.filter(({ isLarger }) => isLarger)).toEqual([]);
  }); // prettier-ignore
});
