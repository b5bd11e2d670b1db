import { type EventKind, type OtlpAttributes, type OtlpValue } from '@telltale/contracts';

/** What a span or log record can say in a vocabulary, in words that are not yet ours in full. */
export interface Reading {
  operation: string;
  mcpMethod: string;
  agentName: string;
  provider: string;
  requestModel: string;
  responseModel: string;
  inputTokens: number | null;
  cacheReadTokens: number | null;
  cacheWriteTokens: number | null;
  outputTokens: number | null;
  reasoningTokens: number | null;
  sessionId: string;
  userId: string;
  systemInstructions: OtlpValue;
  input: OtlpValue;
  output: OtlpValue;
  toolName: string;
  toolCallId: string;
  toolArguments: OtlpValue;
  toolResult: OtlpValue;
  finishReasons: string[];
  timeToFirstTokenMs: number | null;
  promptName: string;
  promptVersion: string;
  errorType: string;
  errorMessage: string;
  errorStack: string;
  scoreName: string;
  scoreValue: number | null;
  scoreLabel: string;
  eventName: string;
  serviceName: string;
  serviceVersion: string;
  environment: string;
  samplingWeight: number | null;
  verbosityLevel: string;
}

export type ReadingField = keyof Reading;
/** Answers undefined when the value is not of its kind: the attribute then stays an attribute. */
type Read = (value: OtlpValue) => OtlpValue | undefined;

const text: Read = (value) =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
const number: Read = (value) => {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
};
const amount: Read = (value) => {
  const read = number(value);
  return typeof read === 'number' && read >= 0 ? read : undefined;
};
const count: Read = (value) => {
  const read = number(value);
  return typeof read === 'number' && Number.isSafeInteger(read) && read >= 0 ? read : undefined;
};
const seconds: Read = (value) => {
  const read = amount(value);
  return typeof read === 'number' ? read * 1000 : undefined;
};
const texts: Read = (value) =>
  typeof value === 'string' ? [value] : Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined;
const any: Read = (value) => value;

export const READERS = { text, number, amount, count, seconds, texts, any } as const;

/** One attribute name that says a field, and how to read it. */
export type Source = string | readonly [name: string, reader: keyof typeof READERS];

/** A table: our field ← attribute names, the first that is there counts. Another vocabulary is another table. */
export interface Vocabulary {
  readonly name: string;
  readonly fields: { readonly [Field in ReadingField]?: readonly Source[] };
  readonly kinds: Readonly<Record<string, EventKind>>;
}

interface Entry {
  readonly field: ReadingField;
  readonly rank: number;
  readonly read: Read;
}

const newReading = (): Reading => ({
  operation: '',
  mcpMethod: '',
  agentName: '',
  provider: '',
  requestModel: '',
  responseModel: '',
  inputTokens: null,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  outputTokens: null,
  reasoningTokens: null,
  sessionId: '',
  userId: '',
  systemInstructions: null,
  input: null,
  output: null,
  toolName: '',
  toolCallId: '',
  toolArguments: null,
  toolResult: null,
  finishReasons: [],
  timeToFirstTokenMs: null,
  promptName: '',
  promptVersion: '',
  errorType: '',
  errorMessage: '',
  errorStack: '',
  scoreName: '',
  scoreValue: null,
  scoreLabel: '',
  eventName: '',
  serviceName: '',
  serviceVersion: '',
  environment: '',
  samplingWeight: null,
  verbosityLevel: '',
});

export interface CompiledVocabulary {
  readonly kinds: ReadonlyMap<string, EventKind>;
  /**
   * Reads attributes into a reading; `rest` takes those that say none of our fields, or one said by a better name. Later sets
   * (a span after its resource) win over earlier ones.
   */
  read(sets: readonly OtlpAttributes[], rest: (name: string, value: OtlpValue, set: number) => void): Reading;
}

export function compileVocabulary(vocabulary: Vocabulary): CompiledVocabulary {
  const entries = new Map<string, Entry>();
  for (const [field, sources] of Object.entries(vocabulary.fields) as [ReadingField, readonly Source[]][])
    sources.forEach((source, rank) => {
      const [name, reader] = typeof source === 'string' ? ([source, 'text'] as const) : source;
      entries.set(name, { field, rank, read: READERS[reader] });
    });

  function read(sets: readonly OtlpAttributes[], rest: (name: string, value: OtlpValue, set: number) => void): Reading {
    const reading = newReading();
    const taken = new Map<ReadingField, { rank: number; name: string; value: OtlpValue; set: number }>();
    for (let set = 0; set < sets.length; set++) {
      const attributes = sets[set] ?? {};
      for (const name of Object.keys(attributes)) {
        const value = attributes[name] ?? null;
        const entry = entries.get(name);
        const said = entry?.read(value);
        if (!entry || said === undefined) {
          rest(name, value, set);
          continue;
        }
        const before = taken.get(entry.field);
        if (before && before.set === set && before.rank < entry.rank) {
          rest(name, value, set);
          continue;
        }
        if (before) rest(before.name, before.value, before.set);
        taken.set(entry.field, { rank: entry.rank, name, value, set });
        Object.assign(reading, { [entry.field]: said });
      }
    }
    return reading;
  }
  return { kinds: new Map(Object.entries(vocabulary.kinds)), read };
}
