import { type NativeEvent } from '@telltale/contracts';
import { type Random } from '@telltale/simulator';

export interface ModelCall {
  /** Its prompt template. */
  readonly prompt?: string;
  readonly model?: string;
  /** What it is given, as text of the user; the request of the turn when absent. */
  readonly given?: string;
  readonly input?: number;
  readonly read?: number;
  readonly write?: number;
  readonly output?: number;
  readonly reasoning?: number;
  readonly says?: string;
  /** It asks for tools. */
  readonly asks?: boolean;
  readonly isCut?: boolean;
  readonly failed?: boolean;
  readonly ms?: number;
  /** The next call starts with this one. */
  readonly isBeside?: boolean;
}

export interface TurnScript {
  llm(call?: ModelCall): void;
  tool(name: string, args: object, result: unknown, of?: { readonly failed?: boolean; readonly ms?: number }): void;
  embed(text: string): void;
  /** Ends the turn: with its answer, or, without one, with an error. */
  end(answer: string | null): void;
}

export interface ConversationScript {
  readonly session: string;
  turn(request: string): TurnScript;
  wait(ms: number): void;
  readonly events: readonly NativeEvent[];
}

const WORDS = 'order parcel refund ticket invoice account address payment booking flight seat bag hotel room receipt coupon size color weight date'.split(' '); // prettier-ignore
/** So many characters of words, the same for the same seed of `random`. */
export function wordsOf(random: Random, chars: number): string {
  let text = '';
  while (text.length < chars) text += `${random.pick(WORDS as [string, ...string[]])} `;
  return text.slice(0, chars);
}

/** Writes the events of one conversation. */
export function createConversation(random: Random, service: string, session: string, start: number): ConversationScript {
  const events: NativeEvent[] = [];
  let at = start;
  const emit = (event: Partial<NativeEvent> & Pick<NativeEvent, 'kind' | 'name'>, began: number, trace: string): void => {
    const span = event.span_id ?? random.hex(16);
    events.push({
      id: `${event.kind}-${span}`, ts: new Date(began).toISOString(), service_name: service, session_id: session, trace_id: trace, span_id: span,
      status: 'ok', ...event,
    } as NativeEvent); // prettier-ignore
  };

  return {
    session,
    events,
    wait: (ms) => void (at += ms),
    turn(request) {
      const trace = random.hex(32);
      const root = random.hex(16);
      const began = at;
      const inside = { parent_span_id: root };
      return {
        llm({
          prompt = 'answer',
          model = 'gpt-4o',
          given = request,
          input = 900,
          read = 0,
          write,
          output = 80,
          reasoning,
          says = 'I will look.',
          asks = false,
          isCut = false,
          failed = false,
          ms = 900,
          isBeside = false,
        } = {}) {
          emit(
            {
              ...inside,
              kind: 'llm',
              name: `chat ${model}`,
              duration_ms: ms,
              provider: model.startsWith('claude') ? 'anthropic' : 'openai',
              request_model: model,
              response_model: model,
              prompt_name: prompt,
              prompt_version: 'v1',
              input: [{ role: 'user', content: given }],
              usage: { input_tokens: Math.round(input), cache_read_tokens: read, ...(write !== undefined && { cache_write_tokens: write }), output_tokens: output + (reasoning ?? 0), ...(reasoning !== undefined && { reasoning_tokens: reasoning }) },
              ...(failed ? { status: 'error' as const, error: { type: 'Overloaded', message: 'the provider is overloaded' } } : { output: [{ role: 'assistant', content: says }] }),
              finish_reasons: [isCut ? 'length' : asks ? 'tool_calls' : 'stop'],
              ...(asks && { requested_tool_call_ids: [`call-${random.hex(8)}`] }),
            },
            at,
            trace,
          ); // prettier-ignore
          at += isBeside ? 20 : ms + 10;
        },
        tool(name, args, result, { failed = false, ms = 120 } = {}) {
          emit(
            {
              ...inside,
              kind: 'tool',
              name,
              duration_ms: ms,
              tool: { name, arguments: args, ...(failed ? {} : { result }) },
              ...(failed && { status: 'error' as const, error: { type: 'Timeout', message: 'no answer in 5000 ms' } }),
            },
            at,
            trace,
          );
          at += ms + 10;
        },
        embed(text) {
          emit(
            { ...inside, kind: 'embedding', name: 'embed', duration_ms: 40, provider: 'openai', request_model: 'text-embedding-3-small', response_model: 'text-embedding-3-small', input: text, usage: { input_tokens: Math.ceil(text.length / 4) } },
            at,
            trace,
          ); // prettier-ignore
          at += 50;
        },
        end(answer) {
          emit(
            {
              kind: 'turn',
              name: 'turn',
              span_id: root,
              duration_ms: at - began + 1_000,
              input: request,
              ...(answer === null
                ? { status: 'error' as const, error: { type: 'TurnFailed', message: 'no answer' } }
                : { output: answer }),
            },
            began,
            trace,
          );
          at += 20_000;
        },
      };
    },
  };
}
