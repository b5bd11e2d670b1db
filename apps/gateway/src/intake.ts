import { type OtlpScan, type OtlpSignalName, scanLogs, scanLogsJson, scanTraces, scanTracesJson } from '@telltale/adapter-otlp';
import { ackRecord, nativeEvent, openAiConversation, type RawHeaders, TOPICS } from '@telltale/contracts';
import { type OutputRecord } from '@telltale/engine';
import { isoTime, isRecord } from '@telltale/kernel';
import { decompress, textOf } from './body';
import { type GatewayDeps } from './deps';
import { checkItems, type ItemProblem, type NativeItem, packItems, readItems } from './native-items';
import { Refusal } from './refusal';

/** A request as any door hands it over. */
export interface Incoming {
  readonly door: string;
  /** The API key as sent, or null. */
  readonly key: string | null;
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly body: Buffer;
}

export interface Outcome {
  readonly accepted: number;
  readonly problems: readonly ItemProblem[];
}

type RawFormat = NonNullable<RawHeaders['tt-format']>;
interface RawPart {
  readonly pieces: readonly Uint8Array[];
  readonly key: string | null;
}

const FIX = 'send Authorization: Bearer <key> or x-telltale-key; an embedded home has its key in the file api-key';
const FORMATS = { events: 'native', conversations: 'openai-chat' } as const;
const ackIn = ackRecord.omit({ tenant: true });

const conversation = openAiConversation.refine((value) => value.messages !== undefined || value.traj !== undefined, {
  path: ['messages'],
  message: 'is missing; give the messages of the conversation, oldest first',
});

/** Names the group of a record's only item, so that what belongs together stays in order. */
const KEY_FIELDS = { events: ['session_id', 'trace_id'], conversations: ['id'] } as const;
function keyOf(kind: keyof typeof KEY_FIELDS, items: readonly NativeItem[]): string | null {
  const value = items.length === 1 ? items[0]?.value : undefined;
  if (!isRecord(value)) return null;
  const ids = KEY_FIELDS[kind].map((name) => value[name]);
  return ids.find((id): id is string => typeof id === 'string' && id !== '') ?? null;
}

/** Everything behind the doors: authenticate, decompress, check, split, seal, produce. Answers once the log has it; throws what `refusalOf` knows. */
export function createIntake({ log, seal, keys, clock, metrics, limits, inflight, lanes }: GatewayDeps) {
  function tenantOf(key: string | null): string {
    if (key === null || key === '') throw new Refusal('unauthorized', `no API key; ${FIX}`);
    const tenant = keys.tenantOf(key);
    if (tenant !== null) return tenant;
    if (!keys.loaded) throw new Refusal('unavailable', 'API keys are still being read; send it again');
    throw new Refusal('unauthorized', `this API key is not known; ${FIX}`);
  }

  /** Runs `work` on the plain body, which counts as in flight beside its compressed form. */
  async function withBody<T>({ body, contentEncoding }: Incoming, work: (plain: Buffer) => Promise<T>): Promise<T> {
    const plain = await decompress(body, contentEncoding, limits.maxBodyBytes);
    if (plain === body) return work(plain);
    const release = inflight.reserve(plain.length);
    try {
      return await work(plain);
    } finally {
      release();
    }
  }

  async function produceRaw(
    tenant: string,
    format: RawFormat,
    encoding: 'json' | 'protobuf',
    parts: readonly RawPart[],
  ): Promise<void> {
    if (parts.length === 0) return;
    const received = isoTime(clock.now());
    await log.produce(
      parts.map(({ pieces, key }): OutputRecord => {
        const { bytes: value, keyDay } = seal.seal(tenant, pieces);
        const headers = {
          'tt-format': format,
          'tt-encoding': encoding,
          'tt-tenant': tenant,
          'tt-received': received,
          'tt-sealed': keyDay,
        };
        return { topic: TOPICS.raw.name, key, value, headers };
      }),
    );
  }

  function outcome(door: string, accepted: number, problems: readonly ItemProblem[]): Outcome {
    if (accepted) metrics.count('telltale_gateway_items_total', { door, outcome: 'accepted' }, accepted);
    if (problems.length) metrics.count('telltale_gateway_items_total', { door, outcome: 'rejected' }, problems.length);
    return { accepted, problems: [...problems].sort((a, b) => a.index - b.index) };
  }

  function scanOtlp(
    signal: OtlpSignalName,
    contentType: string,
    plain: Buffer,
  ): { readonly encoding: 'json' | 'protobuf'; readonly scan: OtlpScan } {
    const type = contentType.toLowerCase();
    if (type.includes('protobuf'))
      return { encoding: 'protobuf', scan: signal === 'traces' ? scanTraces(plain) : scanLogs(plain) };
    if (!type.includes('json'))
      throw new Refusal('unsupported', 'Content-Type must be application/x-protobuf or application/json');
    const text = textOf(plain);
    if (text.trim() === '') return { encoding: 'json', scan: scanTraces(Buffer.alloc(0)) };
    return { encoding: 'json', scan: signal === 'traces' ? scanTracesJson(text) : scanLogsJson(text) };
  }

  return {
    tenantOf,

    takeOtlp(signal: OtlpSignalName, incoming: Incoming): Promise<Outcome> {
      const tenant = tenantOf(incoming.key);
      return withBody(incoming, async (plain) => {
        const { encoding, scan } = scanOtlp(signal, incoming.contentType, plain);
        const { parts, tooLarge } = scan.split(limits.maxRecordBytes, lanes());
        await produceRaw(tenant, signal === 'traces' ? 'otlp-traces' : 'otlp-logs', encoding, parts);
        return outcome(incoming.door, scan.count - scan.problems.length - tooLarge.length, [...scan.problems, ...tooLarge]);
      });
    },

    takeItems(kind: 'events' | 'conversations', incoming: Incoming): Promise<Outcome> {
      const tenant = tenantOf(incoming.key);
      return withBody(incoming, async (plain) => {
        const text = textOf(plain);
        const body = readItems(text, incoming.contentType, limits.maxJsonDepth);
        const { good, problems } = checkItems(body, kind === 'events' ? nativeEvent : conversation);
        const whole = body.isArray && problems.length === 0 && plain.length <= limits.maxRecordBytes;
        const packed = whole
          ? { parts: good.length ? [{ bytes: Buffer.from(text), items: good }] : [], problems: [] }
          : packItems(good, limits.maxRecordBytes);
        await produceRaw(
          tenant,
          FORMATS[kind],
          'json',
          packed.parts.map(({ bytes, items }) => ({ pieces: [bytes], key: keyOf(kind, items) })),
        );
        return outcome(incoming.door, good.length - packed.problems.length, [...problems, ...packed.problems]);
      });
    },

    takeAcks(incoming: Incoming): Promise<Outcome> {
      const tenant = tenantOf(incoming.key);
      return withBody(incoming, async (plain) => {
        const body = readItems(textOf(plain), incoming.contentType, limits.maxJsonDepth);
        const { good, problems } = checkItems(body, ackIn);
        // The key says whose acknowledgement it is, not the body.
        const records = good.map(({ value }): OutputRecord => ({
          topic: TOPICS.acks.name,
          key: tenant,
          value: JSON.stringify({ ...ackIn.parse(value), tenant }),
        }));
        if (records.length) await log.produce(records);
        return outcome(incoming.door, good.length, problems);
      });
    },
  };
}
export type Intake = ReturnType<typeof createIntake>;
