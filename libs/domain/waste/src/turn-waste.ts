import { type TurnWaste, type WasteCall } from '@telltale/contracts';
import { groupBy, hashId } from '@telltale/kernel';
import { type Call, inputOf, RELATIVE_PRICE, shareOf, type Turn } from './call';
import { type Claims, createClaims, partOf } from './claims';
import { brokenCachePrefix, contextGrowth, oversizedToolResult } from './rules/context';
import { failedTurn, outputCap, outputUnused } from './rules/output';
import { idlePolling, loop, repeatedEmbedding, repeatedLlmCall, repeatedToolCall, retryStorm } from './rules/repeated-work';

const MAX_SCOPES = 2;
const MAX_MODELS = 4;
const MAX_EMBEDDINGS = 16;
/** Enough for a session not to confuse two texts. */
const EMBEDDING_CHARS = 10;

/** In the order in which they claim, that of WASTE_RULES. */
const RULES: readonly ((turn: Turn, claims: Claims) => void)[] = [
  retryStorm,
  loop,
  idlePolling,
  repeatedToolCall,
  repeatedLlmCall,
  repeatedEmbedding,
  outputCap,
  outputUnused,
  failedTurn,
  oversizedToolResult,
  brokenCachePrefix,
  contextGrowth,
];

const factsOf = (call: Call, claims: Claims): WasteCall => ({
  scope: call.scope,
  model: call.model,
  span: call.span,
  at: call.at,
  end: call.end,
  nano: claims.isFree(call) ? call.nano : 0,
  claimed: !claims.isFree(call),
  input: inputOf(call),
  read: call.read,
  write: call.write,
  write_1h: call.write1h,
  output: call.output,
  reasoning: call.reasoning,
  blocks: call.blocks,
});

const nanoOf = (calls: readonly Call[]): number => calls.reduce((sum, { nano }) => sum + (nano ?? 0), 0);
/** Groups of calls, those that cost most first. */
const groupsBy = (calls: readonly Call[], keyOf: (call: Call) => string, max: number): [string, Call[]][] =>
  [...groupBy(calls, keyOf)].sort(([a, x], [b, y]) => nanoOf(y) - nanoOf(x) || (a < b ? -1 : 1)).slice(0, max);

/** The model whose outcome that of the turn is. */
const MOST = 0.8;
function mainModelIn(models: readonly Call[]): TurnWaste['main'] {
  const [[model, calls] = ['', []]] = groupsBy(models, (call) => call.model, 1);
  const whole = nanoOf(models);
  const nano = nanoOf(calls);
  if (calls.length === 0 || nano < MOST * whole || (whole === 0 && calls.length < models.length)) return undefined;
  const reasoning = calls.reduce((sum, call) => sum + (call.nano ?? 0) * shareOf(call, call.reasoning * RELATIVE_PRICE.reasoning), 0);
  return { model, nano: models.some((call) => call.nano === null) ? null : nano, reasoning: nano > 0 ? Math.round((100 * reasoning) / nano) / 100 : 0 };
} // prettier-ignore

/** What a turn found by its tools and said; '' for one without tools, or whose results are unknown. */
function foundBy({ calls, answerHash }: Turn): string {
  const tools = calls.filter(({ kind }) => kind === 'tool');
  const last = answerHash || [...calls].reverse().find(({ kind, isAnswer }) => kind === 'llm' && isAnswer)?.resultHash;
  if (tools.length === 0 || !last || tools.some(({ failed, hash, resultHash }) => failed || hash === '' || resultHash === ''))
    return '';
  return hashId(12, last, ...tools.map(({ scope, hash, resultHash }) => `${scope} ${hash} ${resultHash}`));
}

/** What of a list is left out when it is empty. */
const orAbsent = <Name extends string, T>(name: Name, list: readonly T[]): { [N in Name]?: T[] } =>
  (list.length > 0 ? { [name]: [...list] } : {}) as { [N in Name]?: T[] };

/** What a turn wasted by itself, and what the rules across turns need to know of it. */
export function wasteOfTurn(turn: Turn): TurnWaste {
  const claims = createClaims();
  if (!turn.calls.some(({ isPaid }) => isPaid)) return {};
  for (const rule of RULES) rule(turn, claims);
  const models = turn.calls.filter(({ kind, failed }) => kind === 'llm' && !failed);
  // Without usage the rules across turns have nothing to compare.
  const calls = groupsBy(models.filter((call) => inputOf(call) > 0), ({ scope }) => scope, MAX_SCOPES).flatMap(([, [first, ...others]]) => {
    const last = others.at(-1);
    return [...(first ? [factsOf(first, claims)] : []), ...(last ? [factsOf(last, claims)] : [])];
  });
  const free = groupsBy(models.filter(claims.isFree), ({ model }) => model, MAX_MODELS);
  const embeddings = turn.calls.filter((one) => one.kind === 'embedding' && !one.failed && one.hash !== '' && claims.isFree(one));
  const found = foundBy(turn);
  const main = mainModelIn(turn.calls.filter(({ kind }) => kind === 'llm'));
  return {
    ...orAbsent('claims', claims.list()),
    ...orAbsent('calls', calls),
    ...orAbsent('models', free.map(([model, of]) => ({
      model,
      nano: nanoOf(of),
      calls: of.length,
      unpriced: of.filter(({ nano }) => nano === null).length,
      reasoning: of.reduce((sum, call) => sum + partOf(call.nano ?? 0, shareOf(call, call.reasoning * RELATIVE_PRICE.reasoning)), 0),
    }))),
    ...orAbsent('embeddings', embeddings.slice(0, MAX_EMBEDDINGS).map(({ hash, model, span, nano }) => ({ hash: hash.slice(0, EMBEDDING_CHARS), model, span, nano }))),
    ...(main && { main }),
    ...(found !== '' && { found }),
  };
} // prettier-ignore
