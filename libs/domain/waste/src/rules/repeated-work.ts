import { groupBy } from '@telltale/kernel';
import { type Call, inputOf, type Turn } from '../call';
import { type Claims } from '../claims';

/** As many failed tries of one call are a storm; two and then a success are how retries should work. */
const STORM = 3;
const MAX_PERIOD = 6;
const PASSES = 3;
/** So many equal answers of a poll in a row are idle. */
const IDLE_POLLS = 4;

const POLLS = /(?:^|[_.\s-])(?:poll|status|wait|sleep|inbox|queue|progress|pending|heartbeat)(?:[_.\s-]|$)/i;
const READS =
  /(?:^|__|[.:/])(?:get|list|search|find|look_?up|read|fetch|check|query|count|describe|calculate|think|retrieve|show|view|load|select|browse|open|grep|ls|cat|glob)(?![a-z])/;
/** `searchFlights` as `search_Flights`. */
const isRead = ({ scope }: Call): boolean => READS.test(scope.replace(/([a-z])([A-Z])/g, '$1_$2'));
const isPoll = ({ scope }: Call): boolean => POLLS.test(scope.replace(/([a-z])([A-Z])/g, '$1_$2'));

const keyOf = ({ kind, scope, hash }: Call): string => `${kind} ${scope} ${hash}`;
const toolsOf = ({ calls }: Turn): Call[] => calls.filter(({ kind }) => kind === 'tool');

/** Calls of tools by the call of a model that was the last to end before them, which asked for them. */
function askedBy(turn: Turn): ReadonlyMap<Call, readonly Call[]> {
  const asked = new Map<Call, Call[]>();
  const models = turn.calls.filter(({ kind }) => kind === 'llm').sort((a, b) => a.end - b.end);
  let next = 0;
  let asker: Call | undefined;
  for (const tool of toolsOf(turn)) {
    for (let model = models[next]; model && model.end <= tool.at; model = models[++next]) asker = model;
    if (asker) asked.set(asker, [...(asked.get(asker) ?? []), tool]);
  }
  return asked;
}

/** Claims calls of tools, and calls of models that asked for nothing else. */
function takeTools(rule: 'retry_storm' | 'loop' | 'idle_agent_polling' | 'repeated_tool_call', turn: Turn, claims: Claims, wasted: ReadonlyMap<Call, Call>, detail: string): void {
  if (wasted.size === 0) return;
  for (const [call, against] of wasted) claims.take(rule, call, { against, detail });
  for (const [asker, tools] of askedBy(turn))
    if (tools.every((tool) => wasted.has(tool))) claims.take(rule, asker, { against: wasted.get(tools[0] as Call), detail });
} // prettier-ignore

/** The same call that fails again and again: all tries but the first. */
export function retryStorm(turn: Turn, claims: Claims): void {
  const failed = turn.calls.filter((call) => call.failed && call.kind !== 'other' && (call.hash !== '' || call.isRetry));
  for (const tries of groupBy(failed, keyOf).values()) {
    const [first, ...again] = tries;
    // Without arguments only the tries after the first can be recognized.
    if (!first || tries.length < (first.hash === '' ? STORM - 1 : STORM)) continue;
    const wasted = new Map(again.filter(claims.isFree).map((call) => [call, first]));
    takeTools('retry_storm', turn, claims, wasted, `${first.scope} failed ${tries.length} times`);
  }
}

const stateOf = (call: Call): string => `${keyOf(call)} ${call.failed ? 'failed' : call.resultHash}`;

/** A round of several calls of tools that comes back to where it began, with the same results: every round after the first. */
export function loop(turn: Turn, claims: Claims): void {
  const tools = toolsOf(turn).filter(({ hash, resultHash, failed }) => hash !== '' && (failed || resultHash !== ''));
  const states = tools.map(stateOf);
  for (let from = 0; from < states.length; from++)
    for (let period = 2; period <= MAX_PERIOD; period++) {
      let to = from + period;
      while (to < states.length && states[to] === states[to - period]) to++;
      const rounds = Math.floor((to - from) / period);
      if (rounds < PASSES || new Set(states.slice(from, from + period)).size < 2) continue;
      const wasted = new Map(tools.slice(from + period, to).map((call, i) => [call, tools[from + (i % period)] as Call]));
      takeTools('loop', turn, claims, wasted, `${rounds} rounds of ${tools.slice(from, from + period).map(({ scope }) => scope).join(', ')}`); // prettier-ignore
      from = to - 1;
      break;
    }
}

/** A poll that has the same answer again and again: all but the first. */
export function idlePolling(turn: Turn, claims: Claims): void {
  const runs = new Map<string, Call[]>();
  const waste = (run: readonly Call[]): void => {
    const [first, ...again] = run;
    if (!first || run.length < IDLE_POLLS) return;
    const wasted = new Map(again.filter(claims.isFree).map((call) => [call, first]));
    takeTools('idle_agent_polling', turn, claims, wasted, `${first.scope} said the same ${run.length} times`);
  };
  for (const call of toolsOf(turn)) {
    if (!isPoll(call) || call.failed || call.hash === '' || call.resultHash === '') continue;
    const run = runs.get(keyOf(call)) ?? [];
    if (run[0] && run[0].resultHash !== call.resultHash) waste(run.splice(0));
    run.push(call);
    runs.set(keyOf(call), run);
  }
  for (const run of runs.values()) waste(run);
}

/** The same call of a tool with the same result, when nothing has been changed since. */
export function repeatedToolCall(turn: Turn, claims: Claims): void {
  let made = new Map<string, Call>();
  const wasted = new Map<Call, Call>();
  for (const call of toolsOf(turn)) {
    if (call.failed) continue;
    const before = made.get(keyOf(call));
    if (before && before.resultHash === call.resultHash && !isPoll(call) && claims.isFree(call)) wasted.set(call, before);
    // After a change the same question is another one.
    else if (!before && !isRead(call)) made = new Map();
    if (call.hash !== '' && call.resultHash !== '') made.set(keyOf(call), call);
  }
  const [first] = wasted.keys();
  if (first) takeTools('repeated_tool_call', turn, claims, wasted, `${first.scope} called again with the same arguments`);
}

const isSameSize = (a: Call, b: Call): boolean => Math.abs(inputOf(a) - inputOf(b)) <= 0.01 * inputOf(a);

/** The same prompt again, after an answer that was whole. Answers at the same time that differ are drawn on purpose. */
export function repeatedLlmCall({ calls }: Turn, claims: Claims): void {
  const made = new Map<string, Call>();
  for (const call of calls) {
    if (call.kind !== 'llm' || call.failed || call.hash === '') continue;
    const before = made.get(keyOf(call));
    const isAgain = before && !before.isCut && before.blocks === call.blocks && isSameSize(before, call) && (call.at >= before.end || call.resultHash === before.resultHash); // prettier-ignore
    if (isAgain) claims.take('repeated_llm_call', call, { against: before, detail: `${call.scope} asked the same again` });
    else made.set(keyOf(call), call);
  }
}

export function repeatedEmbedding({ calls }: Turn, claims: Claims): void {
  const made = new Map<string, Call>();
  for (const call of calls) {
    if (call.kind !== 'embedding' || call.failed || call.hash === '') continue;
    const before = made.get(keyOf(call));
    if (before) claims.take('embedding_repeated', call, { against: before, detail: 'the same text within a turn' });
    else made.set(keyOf(call), call);
  }
}
