import { type EventRecord } from '@telltale/contracts';

/** What of an event says how its turn ended. */
export type TurnEvent = Pick<
  EventRecord,
  'id' | 'kind' | 'ts' | 'status' | 'error_type' | 'error_message' | 'tool_name' | 'input' | 'output' | 'finish_reasons'
>;

export interface TurnOutcome {
  /** `unknown`: the events say nothing either way, as when content was not sent. */
  readonly outcome: 'answered' | 'error' | 'abandoned' | 'transferred' | 'refused' | 'unknown';
  /** The event that says so ('' when it is what is missing), and how. */
  readonly evidence: { readonly id: string; readonly why: string };
}

const TRANSFER =
  /(?:^|[_.\s-])(?:transfer|hand_?off|escalat\w*)(?:[_.\s-]|$).*(?:human|agent|person|operator|support|representative)|^(?:transfer|hand_?off|escalate)$/i;
const REFUSED_FINISH = new Set([
  'content_filter',
  'refusal',
  'safety',
  'blocked',
  'prohibited_content',
  'SAFETY',
  'PROHIBITED_CONTENT',
]);
const REFUSAL =
  /^\W{0,3}(?:(?:i['’]?m|i am) (?:very |really |so )?sorry,? (?:but )?|sorry,? (?:but )?|unfortunately,? |as an ai\b[^.]{0,60},? )?(?:i (?:can['’]?t|cannot|can not|won['’]?t|am unable to|am not able to)|i['’]m (?:unable|not able) to) (?:help|assist|do that|provide|answer|comply|fulfil|fulfill|discuss|share|create|generate|engage)/i;

/** The words of the last message in an output, which is JSON of messages or plain text; '' when it only calls tools. */
function textOf(output: string): string {
  if (!/^\s*[[{]/.test(output)) return output.trim();
  let value: unknown;
  try {
    value = JSON.parse(output);
  } catch {
    return output.trim();
  }
  return textIn(value, 0).trim();
}

function textIn(value: unknown, depth: number): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || depth > 8) return '';
  if (Array.isArray(value))
    return value
      .map((item) => textIn(item, depth + 1))
      .filter((text) => text !== '')
      .join('\n');
  const fields: Partial<Record<'content' | 'text' | 'parts' | 'message', unknown>> = value;
  return textIn(fields.text ?? fields.content ?? fields.parts ?? fields.message, depth + 1);
}

const byTime = (a: TurnEvent, b: TurnEvent): number =>
  a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
const said = (outcome: TurnOutcome['outcome'], id: string, why: string): TurnOutcome => ({ outcome, evidence: { id, why } });

/**
 * How a turn ended, from all its events in any order. A transfer that succeeded says more than what was said with it; then the turn's
 * own error; then its last words. An error that the turn got over is none.
 */
export function turnOutcome(events: readonly TurnEvent[]): TurnOutcome {
  const sorted = [...events].sort(byTime);
  const turn = sorted.findLast(({ kind }) => kind === 'turn');
  const work = sorted.filter(
    ({ kind }) => kind === 'llm' || kind === 'tool' || kind === 'agent' || kind === 'mcp' || kind === 'retrieval',
  );
  const transfer = work.findLast(({ tool_name: tool, status }) => tool !== '' && status !== 'error' && TRANSFER.test(tool));
  if (transfer) return said('transferred', transfer.id, `called ${transfer.tool_name}`);
  if (turn?.status === 'error') return said('error', turn.id, turn.error_type || turn.error_message || 'the turn failed');
  const last = work.at(-1);
  const speaker = turn && textOf(turn.output) !== '' ? turn : work.findLast(({ kind }) => kind === 'llm' || kind === 'agent');
  const filtered = work.findLast(({ kind }) => kind === 'llm')?.finish_reasons.find((reason) => REFUSED_FINISH.has(reason));
  if (filtered) return said('refused', work.findLast(({ kind }) => kind === 'llm')?.id ?? '', `finish reason ${filtered}`);
  const words = speaker && speaker.status !== 'error' ? textOf(speaker.output) : '';
  if (speaker && words !== '') {
    const refusal = REFUSAL.exec(words.slice(0, 400));
    return refusal
      ? said('refused', speaker.id, `said “${refusal[0]}”`)
      : said('answered', speaker.id, 'the last words are an answer');
  }
  if (last?.status === 'error')
    return said('error', last.id, last.error_type || last.error_message || `${last.kind} failed last`);
  const asked = sorted.find(({ input }) => input !== '');
  if (asked) return said('abandoned', '', 'a request, and no answer after it');
  return said('unknown', '', 'no content to tell by');
}
