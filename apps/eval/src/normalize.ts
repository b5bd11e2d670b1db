import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type EventDraft, normalizeSpan } from '@telltale/domain-normalize';
import { isRecord } from '@telltale/kernel';
import { UsageError } from '@telltale/cli';
import { type StoredSpan, type StoredTrace, tracesIn } from './stored-spans';

/** Of how many operations a thing was reported. */
export interface Share {
  found: number;
  of: number;
}
export interface FrameworkResult {
  traces: number;
  recognized: number;
  spans: number;
  events: number;
  /** Events by kind. */
  kinds: Record<string, number>;
  /** Operations whose kind the file states, and those where ours is the same. */
  kind: Share;
  /** Calls of a model that have their model, their tokens, and their messages as messages. */
  model: Share;
  usage: Share;
  messages: Share;
  /** Tool operations that have a name, and of these, with a call id, that a call of a model asked for. */
  tools: Share;
  tied: Share;
  errors: number;
  /** Where ours differs from the file. */
  differs: string[];
}
export interface NormalizeResult {
  traces: number;
  /** Traces of which every span became an event, and at least one is of a model, a tool, an agent or the like. */
  recognized: number;
  per_framework: Record<string, FrameworkResult>;
}

const ARRIVAL = { tenant: 'eval', receivedAt: 0 };
const MAX_DIFFERENCES = 20;

async function filesUnder(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).sort();
  return (await Promise.all(names.map((name) => filesUnder(join(path, name))))).flat();
}

/** Every stored trace of a file or a folder. UsageError when there is none, or a file is not JSON. */
export async function tracesUnder(path: string): Promise<StoredTrace[]> {
  const traces: StoredTrace[] = [];
  for (const file of await filesUnder(path)) {
    if (!file.endsWith('.json') || file.endsWith('.chatml.json')) continue;
    let value: unknown;
    try {
      value = JSON.parse(await readFile(file, 'utf8')) as unknown;
    } catch {
      throw new UsageError(`${file} is not JSON`, 'take it out of the folder, or give another folder');
    }
    traces.push(...tracesIn(value, basename(file), basename(dirname(file))));
  }
  if (traces.length === 0) throw new UsageError(`${path} holds no spans`, 'give the folder with the stored traces');
  return traces;
}

const newFramework = (): FrameworkResult => ({
  traces: 0,
  recognized: 0,
  spans: 0,
  events: 0,
  kinds: {},
  kind: { found: 0, of: 0 },
  model: { found: 0, of: 0 },
  usage: { found: 0, of: 0 },
  messages: { found: 0, of: 0 },
  tools: { found: 0, of: 0 },
  tied: { found: 0, of: 0 },
  errors: 0,
  differs: [],
});
const add = (share: Share, isFound: boolean): void => {
  share.of++;
  if (isFound) share.found++;
};
const areMessages = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((one) => isRecord(one) && typeof one['role'] === 'string' && Array.isArray(one['parts']));

/** Compares with what the file states. Tokens are compared as sums, and only where ours spends them. */
function compare(result: FrameworkResult, { span, reported }: StoredSpan, { event }: EventDraft): void {
  const differ = (what: string, ours: unknown, theirs: unknown): void => {
    if (result.differs.length < MAX_DIFFERENCES)
      result.differs.push(`${span.name}: ${what} ${String(ours)}, file ${String(theirs)}`);
  };
  if (reported.kind) {
    add(result.kind, event.kind === reported.kind);
    if (event.kind !== reported.kind) differ('kind', event.kind, reported.kind);
  }
  if (event.kind !== 'llm') return;
  const model = event.response_model || event.request_model;
  if (reported.model && reported.model !== event.response_model && reported.model !== event.request_model)
    differ('model', model, reported.model);
  const input = (event.usage_input_uncached ?? 0) + (event.usage_cache_read ?? 0) + (event.usage_cache_write ?? 0);
  if (reported.input !== undefined && reported.input !== input) differ('input tokens', input, reported.input);
  // Some count reasoning into the output, some beside it.
  const [plain, reasoning] = [event.usage_output ?? 0, event.usage_reasoning ?? 0];
  if (reported.output !== undefined && reported.output !== plain && reported.output !== plain + reasoning)
    differ('output tokens', plain + reasoning, reported.output);
}

function evaluateTrace(result: FrameworkResult, trace: StoredTrace): boolean {
  const asked = new Set<string>();
  const drafts: EventDraft[] = [];
  let isWhole = true;
  for (const stored of trace.spans) {
    const head = { resource: stored.resource, scope: { name: stored.scope, version: '', attributes: {} } };
    const events = normalizeSpan(stored.span, head, ARRIVAL);
    const first = events.ok ? events.value[0] : undefined;
    if (!events.ok || !first) isWhole = false;
    else {
      drafts.push(...events.value);
      compare(result, stored, first);
    }
  }
  for (const { event } of drafts) event.requested_tool_call_ids.forEach((id) => asked.add(id));
  for (const { event, content } of drafts) {
    result.kinds[event.kind] = (result.kinds[event.kind] ?? 0) + 1;
    if (event.status === 'error') result.errors++;
    if (event.kind === 'tool') {
      add(result.tools, event.tool_name !== '');
      if (event.tool_call_id) add(result.tied, asked.has(event.tool_call_id));
    }
    if (event.kind !== 'llm') continue;
    add(result.model, event.request_model !== '' || event.response_model !== '');
    add(result.usage, event.usage_input_uncached !== null || event.usage_output !== null);
    add(result.messages, areMessages(content.input) || areMessages(content.output));
  }
  result.spans += trace.spans.length;
  result.events += drafts.length;
  return isWhole && drafts.some(({ event }) => (event.kind !== 'chain' && event.kind !== 'turn') || event.request_model !== '');
}

/** Normalizes every trace in a folder of stored spans (or one file), and counts what is recognized of each framework's. */
export async function evaluateNormalize(dataPath: string): Promise<NormalizeResult> {
  const traces = await tracesUnder(dataPath);
  const per: Record<string, FrameworkResult> = {};
  let recognized = 0;
  for (const trace of traces) {
    const result = (per[trace.framework] ??= newFramework());
    result.traces++;
    if (!evaluateTrace(result, trace)) continue;
    result.recognized++;
    recognized++;
  }
  return { traces: traces.length, recognized, per_framework: per };
}
