import { type EventKind } from '@telltale/contracts';
import { type Reading } from './reading';
import { type SaidKind } from './vocabulary';

/** Kinds that say no more than "something with parts": a vocabulary that is more exact wins over them. */
const isLoose = (kind: EventKind): boolean => kind === 'chain';
/** Vocabularies that know an agent only by what a leaf runs in do not make the leaf an agent. */
const LEAVES: ReadonlySet<EventKind> = new Set(['llm', 'embedding', 'retrieval', 'rerank', 'tool', 'mcp']);

/**
 * What an operation is: the first exact word by order of the vocabularies, a leaf before an agent; else what it did (tool, model);
 * else a loose word; else its place in the trace. An operation nobody knows is data, not an error.
 */
export function kindOf(reading: Reading, kinds: readonly SaidKind[], isRoot: boolean): EventKind {
  const known = kinds.flatMap(({ kind }) => (kind === null ? [] : [kind]));
  const exact = known.find((kind) => LEAVES.has(kind)) ?? known.find((kind) => !isLoose(kind));
  if (exact) return exact;
  if (reading.toolName || reading.toolCallId) return 'tool';
  // An agent that names no operation, such as Pydantic AI's first, tells the model and the tokens of the calls inside it.
  if (kinds.length === 0 && reading.agentName) return 'agent';
  if (known.length === 0 && reading.outputTokens !== null && (reading.requestModel || reading.responseModel)) return 'llm';
  if (known.length === 0 && reading.retrievalQuery !== null) return 'retrieval';
  if (known.length === 0 && reading.scoreName && reading.scoreValue !== null) return 'evaluator';
  return isRoot && kinds.length === 0 ? 'turn' : 'chain';
}
