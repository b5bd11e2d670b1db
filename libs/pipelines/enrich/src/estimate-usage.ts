import { BILLED_COST } from '@telltale/contracts';
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
  /** What is counted of it. */
  readonly sides: Sides;
}

interface Sides {
  readonly input: boolean;
  readonly output: boolean;
}
const BOTH: Sides = { input: true, output: true };
const NEITHER: Sides = { input: false, output: false };

/** Whether a call of a model reported none of its tokens. Counts that were reported are trusted, and so is what they leave out. */
function hasNoReportedUsage({ event }: EventDraft): boolean {
  if (event.kind !== 'llm' && event.kind !== 'embedding') return false;
  if (event.usage_input_uncached !== null || event.usage_output !== null) return false;
  return [
    event.usage_cache_read, event.usage_cache_write, event.usage_cache_write_1h, event.usage_reasoning,
    event.usage_input_audio, event.usage_input_image, event.usage_output_audio, event.usage_output_image,
  ].every((tokens) => tokens === null); // prettier-ignore
}

/** Providers put up to this many tokens of output where they do not know yet: a stream that is cut leaves it. */
const PLACEHOLDER_TOKENS = 16;
/** A count is no slip of another vocabulary from this many times what was reported, and this many tokens more. */
const DISPROVED = { times: 4, more: 16 };

const INPUTS = [
  'usage_input_uncached', 'usage_cache_read', 'usage_cache_write', 'usage_cache_write_1h', 'usage_input_audio', 'usage_input_image',
] as const; // prettier-ignore
const OUTPUTS = ['usage_output', 'usage_reasoning', 'usage_output_audio', 'usage_output_image'] as const;
const reportedIn = (event: EventDraft['event'], buckets: readonly (typeof INPUTS | typeof OUTPUTS)[number][]): number =>
  buckets.reduce((all, bucket) => all + (event[bucket] ?? 0), 0);

/** Sides of a call whose reported tokens may be a placeholder; what was charged for it is known of none. Looks at counts alone, for it is asked of every call. */
function doubtfulSides({ event, content }: EventDraft): Sides {
  if (event.kind !== 'llm' || content.attributes[BILLED_COST] !== undefined) return NEITHER;
  return {
    input: event.usage_input_uncached !== null && reportedIn(event, INPUTS) === 0,
    output: event.usage_output !== null && reportedIn(event, OUTPUTS) <= PLACEHOLDER_TOKENS,
  };
}

/** Whether texts say that reported output is a placeholder; of no output any word says so. */
const disproves = (counted: number, reported: number): boolean =>
  reported === 0 ? counted > 0 : counted >= DISPROVED.times * reported + DISPROVED.more;

const sidesOf = (draft: EventDraft): Sides => (hasNoReportedUsage(draft) ? BOTH : doubtfulSides(draft));

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

const charsIn = (texts: readonly string[]): number => texts.reduce((all, { length }) => all + length, 0);

/** JSON that is no message: what of it the model wrote is not known. */
const isWrapped = (text: string): boolean => text.startsWith('{') || text.startsWith('[');

/** Whether there are enough words beside a doubtful count that counting them is worth it. */
function isDoubtConfirmed({ event, content, heard }: EventDraft, sides: Sides): boolean {
  if (sides.input && (heard !== undefined || !isSilent(spokenIn(content.input, 'user')))) return true;
  if (!sides.output) return false;
  const output = spokenIn(content.output, 'assistant');
  // No vocabulary has more tokens than a text has characters.
  const chars = charsIn(output.texts) + charsIn(output.thoughts);
  return disproves(chars, reportedIn(event, OUTPUTS)) && !output.texts.some(isWrapped);
}

/** Whether tokens of a call may have to be counted. */
export function mayNeedCount(draft: EventDraft): boolean {
  const sides = sidesOf(draft);
  return sides === BOTH || ((sides.input || sides.output) && isDoubtConfirmed(draft, sides));
}

/** Calls that can be counted. One that failed without an answer is not: providers mostly do not charge for it. */
function callsOf(drafts: readonly EventDraft[]): Call[] {
  const conversation = remembered((): Spoken[] => []);
  const toolsOf = remembered(toolsAsRead);
  return drafts.filter(mayNeedCount).flatMap((draft): Call[] => {
    const sides = sidesOf(draft);
    const { event, content, heard } = draft;
    const output = spokenIn(content.output, 'assistant');
    if (event.status === 'error' && isSilent(output)) return [];
    const said = heard ? conversation(heard.messages) : [spokenIn(content.input, 'user', output)];
    const until = heard?.until ?? 1;
    while (heard && said.length < until) said.push(spokenIn([heard.messages[said.length]], 'user'));
    if (isSilent(output) && said.every(isSilent)) return [];
    const model = event.response_model || event.request_model;
    const form = chatFormOf(event.kind, event.provider, model);
    return [
      { draft, encoding: encodingOf(model), form, tools: form.hasTools ? toolsOf(draft.tools) : '', said, until, output, sides },
    ];
  });
}

/**
 * Two instrumentations may see one request: of calls of a model right beneath each other the inner one is estimated, and neither
 * where the outer one reported its tokens.
 */
function withoutRepeated(calls: readonly Call[], drafts: readonly EventDraft[]): readonly Call[] {
  const asked = new Set<string>();
  const reported = new Set<string>();
  const counted = new Set(calls.map(({ draft }) => draft));
  const own = ({ event }: EventDraft): string => `${event.trace_id}/${event.span_id}`;
  const above = ({ event }: EventDraft): string => `${event.trace_id}/${event.parent_span_id}`;
  for (const draft of drafts) {
    if (draft.event.kind !== 'llm' || draft.event.trace_id === '' || hasNoReportedUsage(draft) || counted.has(draft)) continue;
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

/** Fills in what a call reported nothing of, or what its texts disprove: what was reported is a floor then. Answers whether it did. */
function fillCall({ draft, sides, said, output, encoding, tools, until }: Call, running: readonly number[], count: CountText): boolean {
  const { event } = draft;
  const isFresh = sides === BOTH;
  let isFilled = isFresh;
  // What is not there was not shown to us: unknown, not nothing.
  if (sides.input && !said.every(isSilent)) {
    event.usage_input_uncached = (running[until] ?? 0) + count(tools, encoding);
    isFilled = true;
  }
  const [spoken, thought] = [sum(output.texts, encoding, count), sum(output.thoughts, encoding, count)];
  if (!sides.output || (!isFresh && !disproves(spoken + thought, reportedIn(event, OUTPUTS)))) return isFilled;
  if (event.kind === 'llm' && !isSilent(output)) event.usage_output = Math.max(event.usage_output ?? 0, spoken);
  if (output.thoughts.length > 0) event.usage_reasoning = Math.max(event.usage_reasoning ?? 0, thought);
  return true;
} // prettier-ignore

/** Answers how many calls there were whose reported tokens were disproved. */
function fill(calls: readonly Call[], count: CountText): { readonly missing: number; readonly disproved: number } {
  const running = new Map<readonly Spoken[], number[]>();
  const filled = { missing: 0, disproved: 0 };
  for (const call of calls) {
    const input = running.get(call.said) ?? runningTokens(call, count);
    running.set(call.said, input);
    if (!fillCall(call, input, count)) continue;
    call.draft.event.usage_estimated = true;
    filled[call.sides === BOTH ? 'missing' : 'disproved']++;
  }
  return filled;
}

/**
 * Counts the tokens of calls of models that reported none, or too few for the words beside them, as streams do that are cut, by what was said in them, and marks them as estimated. Texts are counted as they
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
    const { missing, disproved } = fill(calls, batch.counted(tokens));
    if (missing > 0) onCount('usage_estimated', missing);
    if (disproved > 0) onCount('usage_disproved', disproved);
    onCount('usage_texts_truncated', batch.cut());
  } catch (error) {
    if (!isTransient(error)) throw error;
    onCount('usage_estimation_failed', calls.length);
  }
}
