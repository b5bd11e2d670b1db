import { type TurnOutcomeName, type TurnWaste, USAGE_BUCKETS, type UsageBucket } from '@telltale/contracts';
import { isFailed, isPaid, type Operation, repeatedCalls, type TurnState } from '@telltale/domain-turn';
import { type Call, wasteOfTurn } from '@telltale/domain-waste';

const placeOf = (bucket: UsageBucket): number => USAGE_BUCKETS.indexOf(bucket);
const UNCACHED = (['usage_input_uncached', 'usage_input_audio', 'usage_input_image'] as const).map(placeOf);
const OUTPUT = (['usage_output', 'usage_output_audio', 'usage_output_image'] as const).map(placeOf);
const READ = placeOf('usage_cache_read');
const WRITE = placeOf('usage_cache_write');
const WRITE_1H = placeOf('usage_cache_write_1h');
const REASONING = placeOf('usage_reasoning');

/** A shorter result may be that of many calls. */
const DISTINCT_CHARS = 40;

const KINDS: Readonly<Partial<Record<Operation['kind'], Call['kind']>>> = {
  llm: 'llm',
  embedding: 'embedding',
  tool: 'tool',
  mcp: 'tool',
};

function callOf(operation: Operation): Call {
  const { kind, name, prompt, model = '', tool, spanId = '', at, durationMs = 0, usage = [] } = operation;
  const sum = (places: readonly number[]): number => places.reduce((all, place) => all + (usage[place] ?? 0), 0);
  const of = KINDS[kind] ?? 'other';
  // Two calls of a tool that differ in what is masked have different results, if these say anything.
  const isDistinct = of === 'tool' && (operation.resultChars ?? 0) >= DISTINCT_CHARS;
  return {
    kind: of,
    scope: of === 'tool' ? (tool ?? name) : `${prompt ?? name} ${model}`.trim(),
    model,
    span: spanId,
    at,
    end: at + durationMs,
    failed: isFailed(operation),
    isRetry: (operation.attempt ?? 1) > 1,
    hash: operation.hasUnsureHash && !isDistinct ? '' : (operation.callHash ?? ''),
    resultHash: operation.resultHash ?? '',
    resultChars: operation.resultChars ?? 0,
    isCut: operation.isCut === true,
    isAnswer: operation.isAnswer === true,
    blocks: operation.blocks ?? '',
    uncached: sum(UNCACHED),
    read: usage[READ] ?? null,
    write: usage[WRITE] ?? 0,
    write1h: usage[WRITE_1H] ?? 0,
    output: sum(OUTPUT),
    reasoning: usage[REASONING] ?? 0,
    isPaid: isPaid(operation),
    nano: operation.costNano ?? null,
  };
}

/** What a turn wasted by itself. Events beyond those that it keeps in detail are not looked at. */
export function turnWasteOf({ detailed }: TurnState, outcome: TurnOutcomeName): TurnWaste {
  const operations = [...detailed.values()];
  if (!operations.some(isPaid)) return {};
  const repeated = repeatedCalls(operations);
  const inTime = operations
    .filter((one) => !repeated.has(one) && one.kind !== 'log')
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const root = operations.filter(({ rootRank }) => rootRank !== undefined).sort((a, b) => (a.rootRank ?? 0) - (b.rootRank ?? 0) || a.at - b.at || (a.id < b.id ? -1 : 1))[0]; // prettier-ignore
  return wasteOfTurn({
    calls: inTime.map(callOf),
    hasFailed: outcome === 'error',
    answerHash: (root && root.kind !== 'llm' && root.resultHash) || '',
  });
}
