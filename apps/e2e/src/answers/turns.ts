import { type NativeEvent } from '@telltale/contracts';
import { type Random } from '@telltale/simulator';

/** One call of a turn, after the one before it. */
export interface Call {
  readonly tool: string;
  readonly ms: number;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: { readonly type: string; readonly message: string };
}

/** What is the same for all events of a turn. */
export interface TurnOf {
  readonly id: string;
  readonly session: string;
  readonly user: string;
  readonly service: string;
  readonly version: string;
  readonly region: string;
  readonly prompt: readonly [name: string, version: string];
  readonly flags?: Readonly<Record<string, boolean>>;
  readonly at: number;
  readonly asked: string;
  readonly answer: string;
  readonly status: 'ok' | 'error';
}

const MODEL = { provider: 'openai', request_model: 'gpt-4o', response_model: 'gpt-4o' };
/** Its own work between two calls. */
const BETWEEN_MS = 15;

/** The events of a turn: each tool is asked for by a call of the model, which at last writes the answer. */
export function turnEvents(turn: TurnOf, calls: readonly Call[], random: Random): NativeEvent[] {
  const { id, service, version, region, prompt, at, asked, answer, status } = turn;
  const own = { service_name: service, service_version: version, deployment_environment: 'prod', region, session_id: turn.session, user_id: turn.user, trace_id: id, feature_flags: turn.flags ?? {} }; // prettier-ignore
  const events: NativeEvent[] = [];
  const messages: Record<string, unknown>[] = [{ role: 'user', content: asked }];
  let now = at;

  function callModel(output: Record<string, unknown>, asksFor?: string): string {
    const span = `${id}-${events.length}`;
    const ms = Math.round(random.logNormal(600, 0.25));
    events.push({
      ...own, ...MODEL, kind: 'llm', id: span, span_id: span, parent_span_id: id, name: 'chat gpt-4o', ts: now, duration_ms: ms, status: 'ok', prompt_name: prompt[0], prompt_version: prompt[1],
      input: [...messages], output: [output], usage: { input_tokens: 800 + 60 * messages.length, output_tokens: 60 }, ...(asksFor && { requested_tool_call_ids: [asksFor] }),
    }); // prettier-ignore
    messages.push(output);
    now += ms + BETWEEN_MS;
    return span;
  }

  for (const call of calls) {
    const callId = `call-${id}-${events.length}`;
    const asking = callModel({ role: 'assistant', tool_calls: [{ id: callId, type: 'function', function: { name: call.tool, arguments: JSON.stringify(call.arguments) } }] }, callId); // prettier-ignore
    const span = `${id}-${events.length}`;
    events.push({
      ...own, kind: 'tool', id: span, span_id: span, parent_span_id: id, name: call.tool, ts: now, duration_ms: call.ms, status: call.error ? 'error' : 'ok', requested_by_span_id: asking,
      tool: { name: call.tool, call_id: callId, arguments: call.arguments, ...(call.result !== undefined && { result: call.result }) }, ...(call.error && { error: call.error }),
    }); // prettier-ignore
    messages.push({ role: 'tool', tool_call_id: callId, content: JSON.stringify(call.error?.message ?? call.result ?? null) });
    now += call.ms + BETWEEN_MS;
  }
  if (answer !== '') callModel({ role: 'assistant', content: answer });
  events.push({ ...own, kind: 'turn', id, span_id: id, name: 'turn', ts: at, duration_ms: now - at, status, input: asked, ...(answer !== '' && { output: answer }) }); // prettier-ignore
  return events;
}
