import { type NativeEvent } from '@telltale/contracts';
import { DAY_MS, MINUTE_MS } from '@telltale/kernel';

/** What one service gets on one day. */
interface Traffic {
  readonly service: string;
  readonly version: string;
  readonly provider: string;
  readonly model: string;
  readonly prompt: readonly [name: string, version: string];
  readonly region: string;
  readonly sessions: number;
  readonly turns: number;
  readonly calls: number;
  /** Characters of the instructions that every prompt begins with. */
  readonly instructions: number;
  readonly hasClock: boolean;
}

const WORDS = 'order parcel refund ticket invoice account address payment booking flight seat bag hotel room receipt coupon size color weight date'.split(' '); // prettier-ignore
const CHARS_PER_TOKEN = 4;

/** Always the same text for the same number. */
function textOf(seed: number, chars: number): string {
  let text = '';
  for (let i = 0, at = seed + 1; text.length < chars; i++) {
    at = (at * 1_103_515_245 + 12_345 + i) % 2_147_483_648;
    text += `${WORDS[at % WORDS.length]} `;
  }
  return text.slice(0, chars);
}

/** All events of one service on one day that starts at `day`, ms since the epoch. */
function eventsOf(traffic: Traffic, day: number): NativeEvent[] {
  const { service, version, provider, model, prompt, region, sessions, turns, calls, instructions, hasClock } = traffic;
  const events: NativeEvent[] = [];
  for (let session = 0; session < sessions; session++) {
    let at = day + Math.floor((session + 0.5) * ((DAY_MS - 60 * MINUTE_MS) / sessions));
    let said = textOf(session, instructions);
    let cached = 0;
    for (let turn = 0; turn < turns; turn++) {
      const id = `${service}-${day}-${session}-${turn}`;
      const own = { service_name: service, service_version: version, deployment_environment: 'prod', region, session_id: `${service}-${day}-${session}`, trace_id: id, user_id: `user-${session % 9}` };
      const began = at;
      for (let call = 0; call < calls; call++) {
        const clock = hasClock ? `Now: ${new Date(at).toISOString()}. ` : '';
        const given = `${clock}${said}`;
        const input = Math.ceil(given.length / CHARS_PER_TOKEN);
        events.push({
          ...own, kind: 'llm', id: `${id}-${call}`, span_id: `${id}-${call}`, parent_span_id: `${id}-root`, name: `chat ${model}`, ts: at, duration_ms: 1_500, provider, request_model: model, response_model: model,
          prompt_name: prompt[0], prompt_version: prompt[1], input: [{ role: 'system', content: given }, { role: 'user', content: 'Where is my parcel?' }],
          output: [{ role: 'assistant', content: `I look at number ${call}.` }],
          // A prompt that begins otherwise is not read from the cache.
          usage: { input_tokens: input + 6, cache_read_tokens: hasClock ? 0 : cached, output_tokens: 90 },
        });
        cached = input;
        said += textOf(session * 100 + turn * 10 + call, 400);
        at += 3_000;
      }
      events.push({ ...own, kind: 'turn', id: `${id}-root`, span_id: `${id}-root`, name: 'turn', ts: began, duration_ms: at - began, input: 'Where is my parcel?', output: 'It comes tomorrow.', status: 'ok' });
      at += 20_000;
    }
  }
  return events;
} // prettier-ignore

const DESK: Traffic = {
  service: 'desk', version: '3.1', provider: 'anthropic', model: 'claude-sonnet-4-5', prompt: ['answer', 'v1'], region: 'eu', sessions: 14, turns: 2, calls: 4, instructions: 12_000, hasClock: false,
}; // prettier-ignore
const SHOP: Traffic = { ...DESK, service: 'shop', version: '1.0', provider: 'openai', model: 'gpt-4o', prompt: ['search', 'v4'], sessions: 30, turns: 2, calls: 2, instructions: 3_200 }; // prettier-ignore
const PAY: Traffic = { ...SHOP, service: 'pay', version: '2.2', prompt: ['check', 'v1'], sessions: 20, instructions: 4_000 };

/** An ordinary day. */
export const usualDay = (day: number): NativeEvent[] => [DESK, SHOP, PAY].flatMap((traffic) => eventsOf(traffic, day));

/**
 * The day on which cost doubles: a new version of the prompt of one service has the time at its beginning. Three other things change that do not
 * matter: a deployment of another service, a little more traffic of it, and a new and longer prompt of a third one that moves to another region.
 */
export const doubledDay = (day: number): NativeEvent[] =>
  [
    { ...DESK, prompt: ['answer', 'v2'] as const, hasClock: true },
    { ...SHOP, version: '2.0', sessions: 34 },
    { ...PAY, prompt: ['check', 'v2'] as const, instructions: 4_200, region: 'us' },
  ].flatMap((traffic) => eventsOf(traffic, day));
