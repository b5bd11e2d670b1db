import { setImmediate } from 'node:timers/promises';
import {
  type OtlpScan,
  type OtlpSignalName,
  type ScanOptions,
  scanLogs,
  scanLogsJsonInSlices,
  scanTraces,
  scanTracesJsonInSlices,
} from '@telltale/adapter-otlp';
import { authorize, cellOf, type Grant } from '@telltale/auth';
import { type ApiKeyScope, type RawHeaders, TOPICS } from '@telltale/contracts';
import { timeProblem } from '@telltale/domain-normalize';
import { type OutputRecord } from '@telltale/streaming';
import { countJsonValues, freeBytes, isoTime } from '@telltale/kernel';
import { decompress, textOf } from './body';
import { type GatewayDeps } from './deps';
import { type Hold } from './inflight';
import { ackChecks, conversationChecks, eventChecks } from './item-checks';
import { packNative, readItems } from './native-body';
import { type Problems, problemsOf } from './problems';
import { IngestError } from './ingest-error';
import { createTurns } from './turns';

/** A request as any receiver hands it over. */
export interface Incoming {
  readonly receiver: string;
  /** The API key as sent, or null. */
  readonly key: string | null;
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly body: Buffer;
  /** The reservation of its bytes since they were received; without one, a new reservation is made. */
  readonly hold?: Hold | undefined;
}

export interface IngestResult {
  readonly accepted: number;
  readonly problems: Problems;
}

type RawFormat = NonNullable<RawHeaders['tt-format']>;
interface RawPart {
  readonly pieces: readonly Uint8Array[];
  readonly key: string | null;
}

const FORMATS = { events: 'native', conversations: 'openai-chat' } as const;
/** What a key needs for a receiver: who acknowledges directives is who reads them. */
export const scopeOf = (receiver: string): ApiKeyScope => (receiver === 'acks' ? 'control:read' : 'ingest');

/** A parsed JSON value takes about this much memory. */
const JSON_VALUE_BYTES = 64;

/** Everything behind the receivers: authenticate, decompress, check, split, encrypt, produce. Answers once the log has it; throws what `toIngestError` knows. */
export function createIngest({
  broker,
  encryptor,
  keys,
  rates,
  cells,
  clock,
  metrics,
  limits,
  inflight,
  partitions,
}: GatewayDeps) {
  const turns = createTurns();

  /** What the key of a request lets in; throws when it lacks the scope. */
  function grantOf(key: string | null, scope: ApiKeyScope): Grant {
    const cell = key === null || cells.own === null ? null : cellOf(key);
    if (cell !== null && cell !== cells.own) {
      const url = cells.urls.get(cell);
      const fix = url === undefined ? `send to the gateway of ${cell}` : `send to ${url}`;
      throw new IngestError('misdirected', `this is cell ${cells.own}, and the API key is of cell ${cell}; ${fix}`);
    }
    const verdict = authorize(keys, key, scope);
    if (verdict.ok) return verdict.grant;
    throw new IngestError(verdict.code, `${verdict.message}; ${verdict.fix}`);
  }

  /** Lets a request begin, once for each: throws when its key lacks the scope, or is over its rate. */
  function admit(key: string | null, scope: ApiKeyScope): Grant {
    const grant = grantOf(key, scope);
    const verdict = rates.take(grant);
    if (verdict.ok) return grant;
    throw new IngestError('rate_limited', `${verdict.message}; ${verdict.fix}`, verdict.retryAfterMs);
  }

  /** Runs `work` on the decompressed body. Releases its own reservation at the end; the receiver's is released with the response. */
  async function withBody<T>(grant: Grant, incoming: Incoming, work: (plain: Buffer, hold: Hold) => Promise<T>): Promise<T> {
    const { body, contentEncoding } = incoming;
    const hold = incoming.hold ?? inflight.hold(grant.tenant);
    try {
      if (!incoming.hold) hold.grow(body.length);
      const plain = await decompress(body, contentEncoding, limits, hold);
      // What was received is charged as it comes; what a body inflates to costs as much as if it had been sent so.
      if (plain.length > body.length) rates.charge(grant, plain.length - body.length);
      return await work(plain, hold);
    } finally {
      if (!incoming.hold) hold.release();
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
    const encrypted: Buffer[] = [];
    await broker.produce(
      parts.map(({ pieces, key }): OutputRecord => {
        const { bytes: value, keyId } = encryptor.encrypt(tenant, pieces, { format, encoding });
        encrypted.push(value);
        const headers = {
          'tt-format': format,
          'tt-encoding': encoding,
          'tt-tenant': tenant,
          'tt-received-at': received,
          'tt-encryption-key-id': keyId,
        };
        return { topic: TOPICS.raw.name, key, value, headers };
      }),
    );
    // The log has them. After an error somebody may still be about to send them.
    for (const bytes of encrypted) freeBytes(bytes);
  }

  function outcome(receiver: string, accepted: number, problems: Problems): IngestResult {
    if (accepted) metrics.count('telltale_gateway_items_total', { receiver, outcome: 'accepted' }, accepted);
    if (problems.count) metrics.count('telltale_gateway_items_total', { receiver, outcome: 'rejected' }, problems.count);
    return { accepted, problems };
  }

  async function scanOtlp(
    signal: OtlpSignalName,
    contentType: string,
    plain: Buffer,
    hold: Hold,
  ): Promise<{ readonly encoding: 'json' | 'protobuf'; readonly scan: OtlpScan }> {
    const now = clock.now();
    const options: ScanOptions = { maxItems: limits.maxItems, timeProblem: (ms) => timeProblem(ms, now) };
    const type = contentType.toLowerCase();
    if (type.includes('protobuf'))
      return { encoding: 'protobuf', scan: signal === 'traces' ? scanTraces(plain, options) : scanLogs(plain, options) };
    if (!type.includes('json'))
      throw new IngestError('unsupported', 'Content-Type must be application/x-protobuf or application/json');
    const text = textOf(plain);
    if (text.trim() === '') return { encoding: 'json', scan: scanTraces(Buffer.alloc(0)) };
    const values = countJsonValues(text, limits.maxJsonValues);
    if (values > limits.maxJsonValues)
      throw new IngestError('too_large', `the body has over ${limits.maxJsonValues} JSON values; send fewer items a request`);
    hold.grow(values * JSON_VALUE_BYTES);
    const scan = signal === 'traces' ? scanTracesJsonInSlices : scanLogsJsonInSlices;
    return { encoding: 'json', scan: await scan(text, options, setImmediate) };
  }

  return {
    admit,

    takeOtlp(signal: OtlpSignalName, incoming: Incoming): Promise<IngestResult> {
      const grant = grantOf(incoming.key, 'ingest');
      const { tenant } = grant;
      return withBody(grant, incoming, async (plain, hold) => {
        const { encoding, scan, parts, tooLarge } = await turns.run(tenant, plain.length, async () => {
          const scanned = await scanOtlp(signal, incoming.contentType, plain, hold);
          return { ...scanned, ...scanned.scan.split(limits.maxRecordBytes, partitions) };
        });
        await produceRaw(tenant, signal === 'traces' ? 'otlp-traces' : 'otlp-logs', encoding, parts);
        const problems = problemsOf([...scan.problems, ...tooLarge]);
        return outcome(incoming.receiver, scan.count - problems.count, problems);
      });
    },

    takeItems(kind: 'events' | 'conversations', incoming: Incoming): Promise<IngestResult> {
      const grant = grantOf(incoming.key, 'ingest');
      const { tenant } = grant;
      return withBody(grant, incoming, async (plain) => {
        const { good, problems, parts } = await turns.run(tenant, plain.length, async () => {
          const text = textOf(plain);
          const checks = kind === 'events' ? eventChecks(clock.now()) : conversationChecks(clock.now());
          const body = await readItems(text, incoming.contentType, limits, checks);
          return { ...body, parts: packNative(body, text, limits.maxRecordBytes, partitions) };
        });
        await produceRaw(
          tenant,
          FORMATS[kind],
          'json',
          parts.map(({ bytes, key }) => ({ pieces: [bytes], key })),
        );
        return outcome(incoming.receiver, good.length, problems);
      });
    },

    takeAcks(incoming: Incoming): Promise<IngestResult> {
      const grant = grantOf(incoming.key, scopeOf('acks'));
      const { tenant } = grant;
      return withBody(grant, incoming, async (plain) => {
        const { good, problems } = await turns.run(tenant, plain.length, () =>
          readItems(textOf(plain), incoming.contentType, limits, ackChecks),
        );
        const received_at = isoTime(clock.now());
        // The key determines the tenant of an acknowledgement, not the body.
        const records = good.map(({ value }): OutputRecord => ({
          topic: TOPICS.acks.name,
          key: tenant,
          value: JSON.stringify({ ...value, tenant, received_at }),
        }));
        if (records.length) await broker.produce(records);
        return outcome(incoming.receiver, good.length, problems);
      });
    },
  };
}
export type Ingest = ReturnType<typeof createIngest>;
