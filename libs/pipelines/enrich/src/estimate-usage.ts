import { type EventDraft, type Spoken, spokenIn, toolsAsRead } from '@telltale/domain-normalize';
import { type ChatForm, chatFormOf, encodingOf } from '@telltale/domain-pricing';
import { type TokenCounter, type TokenEncoding } from '@telltale/streaming';
import { isTransient } from '@telltale/kernel';
import { createTextBatch, type CountText } from './token-count-batch';

/** A call of a model whose missing token usage, taken apart. It was given the first `until` of `said`, which calls of one conversation share. */
interface Call {
  readonly draft: EventDraft;
  readonly encoding: TokenEncoding;
  readonly form: ChatForm;
  /** Definitions of tools, as a text. */
  readonly tools: string;
  readonly said: readonly Spoken[];
  readonly until: number;
  readonly output: Spoken;
}

/** Whether a call of a model reported none of its tokens. Counts that were reported are trusted, and so is what they leave out. */
export function hasNoReportedUsage({ event }: EventDraft): boolean {
  if (event.kind !== 'llm' && event.kind !== 'embedding') return false;
  if (event.usage_input_uncached !== null || event.usage_output !== null) return false;
  return [
    event.usage_cache_read, event.usage_cache_write, event.usage_cache_write_1h, event.usage_reasoning,
    event.usage_input_audio, event.usage_input_image, event.usage_output_audio, event.usage_output_image,
  ].every((tokens) => tokens === null); // prettier-ignore
}

const isSilent = ({ texts, thoughts }: Spoken): boolean => texts.length === 0 && thoughts.length === 0;

/** Makes each value once: calls of one conversation share their messages and tools. */
function remembered<V>(make: (from: unknown) => V): (from: unknown) => V {
  const made = new Map<unknown, V>();
  return (from) => {
    const value = made.get(from) ?? make(from);
    made.set(from, value);
    return value;
  };
}

/** Calls that can be counted. One that failed without an answer is not: providers mostly do not charge for it. */
function callsOf(drafts: readonly EventDraft[]): Call[] {
  const conversation = remembered((): Spoken[] => []);
  const toolsOf = remembered(toolsAsRead);
  return drafts.filter(hasNoReportedUsage).flatMap((draft): Call[] => {
    const { event, content, heard } = draft;
    const output = spokenIn(content.output, 'assistant');
    if (event.status === 'error' && isSilent(output)) return [];
    const said = heard ? conversation(heard.messages) : [spokenIn(content.input, 'user', output)];
    const until = heard?.until ?? 1;
    while (heard && said.length < until) said.push(spokenIn([heard.messages[said.length]], 'user'));
    if (isSilent(output) && said.every(isSilent)) return [];
    const model = event.response_model || event.request_model;
    const form = chatFormOf(event.kind, event.provider, model);
    return [{ draft, encoding: encodingOf(model), form, tools: form.hasTools ? toolsOf(draft.tools) : '', said, until, output }];
  });
}

/**
 * Two instrumentations may see one request: of calls of a model right beneath each other the inner one is estimated, and neither
 * where the outer one reported its tokens.
 */
function withoutRepeated(calls: readonly Call[], drafts: readonly EventDraft[]): readonly Call[] {
  const asked = new Set<string>();
  const reported = new Set<string>();
  const own = ({ event }: EventDraft): string => `${event.trace_id}/${event.span_id}`;
  const above = ({ event }: EventDraft): string => `${event.trace_id}/${event.parent_span_id}`;
  for (const draft of drafts) {
    if (draft.event.kind !== 'llm' || draft.event.trace_id === '' || hasNoReportedUsage(draft)) continue;
    reported.add(own(draft));
    asked.add(above(draft));
  }
  for (const { draft } of calls) if (draft.event.kind === 'llm' && draft.event.trace_id !== '') asked.add(above(draft));
  return calls.filter(({ draft }) => draft.event.kind !== 'llm' || (!asked.has(own(draft)) && !reported.has(above(draft))));
}

const sum = (texts: readonly string[], encoding: TokenEncoding, count: CountText): number =>
  texts.reduce((all, text) => all + count(text, encoding), 0);

/** Tokens of the first n of what was said, for every n. */
function runningTokens({ said, form, encoding }: Call, count: CountText): number[] {
  let all = form.reply;
  const running = [all];
  for (const { texts, roles, names } of said) {
    all += sum(texts, encoding, count) + form.message * roles.length + form.name * names.length;
    if (form.hasRoles) all += sum([...roles, ...names], encoding, count);
    running.push(all);
  }
  return running;
}

function fill(calls: readonly Call[], count: CountText): void {
  const running = new Map<readonly Spoken[], number[]>();
  for (const call of calls) {
    const { encoding, said, until, output, tools } = call;
    const { event } = call.draft;
    const input = running.get(said) ?? runningTokens(call, count);
    running.set(said, input);
    // What is not there was not shown to us: unknown, not nothing.
    if (!said.every(isSilent)) event.usage_input_uncached = (input[until] ?? 0) + count(tools, encoding);
    if (event.kind === 'llm' && !isSilent(output)) event.usage_output = sum(output.texts, encoding, count);
    if (output.thoughts.length > 0) event.usage_reasoning = sum(output.thoughts, encoding, count);
    event.usage_estimated = true;
  }
}

/**
 * Counts the tokens of calls of models that reported none, by what was said in them, and marks them as estimated. Texts are counted as they
 * came, since masks have other tokens. When nothing can be counted, usage stays unknown and the range goes on: a repeat of it after a
 * crash may then find what this run did not, of which the store keeps the rows of the first.
 */
export async function estimateUsage(
  drafts: readonly EventDraft[],
  counter: TokenCounter,
  onCount: (what: string, by: number) => void,
): Promise<void> {
  const calls = withoutRepeated(callsOf(drafts), drafts);
  const batch = createTextBatch();
  for (const [said, encoding] of new Map(calls.map((call) => [call.said, call.encoding])))
    for (const { texts, roles, names } of said) [...texts, ...roles, ...names].forEach((text) => batch.add(text, encoding));
  for (const { output, tools, encoding } of calls)
    [tools, ...output.texts, ...output.thoughts].forEach((text) => batch.add(text, encoding));
  if (calls.length === 0) return;
  try {
    const tokens = await counter.count(batch.texts);
    fill(calls, batch.counted(tokens));
    onCount('usage_estimated', calls.length);
    onCount('usage_texts_truncated', batch.cut());
  } catch (error) {
    if (!isTransient(error)) throw error;
    onCount('usage_estimation_failed', calls.length);
  }
}
