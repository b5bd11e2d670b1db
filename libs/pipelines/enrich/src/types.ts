import { type EventRecord, type OtlpLogRecord, type OtlpSpan, type RawHeaders } from '@telltale/contracts';
import { type EventDraft } from '@telltale/domain-normalize';
import { type Subjects } from '@telltale/domain-privacy';
import { type BatchContext, type DlqReason, type Effects, type LogRecord, type Step } from '@telltale/streaming';
import { type OtlpDecoder } from './options';

// What each step of the pipeline needs and adds, in order.

export type Format = NonNullable<RawHeaders['tt-format']>;
export type Encoding = NonNullable<RawHeaders['tt-encoding']>;

/** A batch, and where steps count. */
export interface EnrichContext extends BatchContext {
  readonly effects: Pick<Effects, 'count'>;
}
export type EnrichStep<Need, Adds> = Step<Need, Adds, EnrichContext>;

/** A record as it can be read, and what its headers say. */
export interface Decrypted {
  readonly record: LogRecord;
  readonly body: Buffer;
  readonly tenant: string;
  readonly format: Format;
  readonly encoding: Encoding;
  /** When the broker took it in, ms since the epoch. */
  readonly receivedAt: number;
  /** The sender says that it is from long ago. */
  readonly backfill: boolean;
}

type Head = {
  readonly resource: OtlpSpan['attributes'];
  readonly scope: { name: string; version: string; attributes: OtlpSpan['attributes'] };
};
export type Item =
  | { readonly type: 'native' | 'openai-chat'; readonly value: unknown }
  | {
      readonly type: 'otlp-traces';
      readonly value: OtlpSpan;
      readonly head: Head;
      readonly index: number;
      readonly decoder: OtlpDecoder<OtlpSpan>;
    }
  | {
      readonly type: 'otlp-logs';
      readonly value: OtlpLogRecord;
      readonly head: Head;
      readonly index: number;
      readonly decoder: OtlpDecoder<OtlpLogRecord>;
    }
  | UnreadableItem;

/** A piece of a body that cannot be read, as a body of its own. */
export interface UnreadableItem {
  readonly type: 'unreadable';
  readonly reason: DlqReason;
  readonly error: string;
  readonly body: Buffer | string;
}

/** One item of a body: a native event, a conversation, a span, a log record. */
export interface Decoded {
  readonly opened: Decrypted;
  readonly item: Item;
}

/** One event of an item, by our names. What its producer wrote is in `draft` as it came: nothing behind `Redacted` may read it. */
export interface Normalized extends Decoded {
  readonly draft: EventDraft;
}
export interface UsageKnown {
  /** Whether its tokens were counted here, for the provider reported none. */
  readonly isUsageEstimated: boolean;
}
export interface SubjectsKnown {
  /** The people that its turn is about. */
  readonly subjects: Subjects;
}
export interface PromptBlocks {
  /** Keyed hashes of the prompt as it came, a chain over blocks; empty for what is no call of a model. */
  readonly promptBlocks: readonly string[];
  /** Of the conversation that it continues, where its producer names neither session nor user. */
  readonly conversation: readonly string[];
}
export interface UnitsKnown {
  /** Units that a call of a tool is charged for; null where they are unknown, or nobody pays for units. */
  readonly units: number | null;
}
export interface Redacted {
  /** The event without anything personal; the row and the record are made of it. */
  readonly event: EventRecord;
}
export interface Priced {
  /** Why a call that is paid for has no price; '' where it has one, or nobody pays for it. */
  readonly priceGap: '' | 'without_usage' | 'without_price' | 'without_units';
}
export interface Fingerprinted {
  /** Id of its log template; '' for what is no log line. */
  readonly templateId: string;
}
export interface Annotated {
  readonly isAnnotated: true;
}
export interface Serialized {
  /** The event as JSON: the record on the topic and the row of the table, until the batch is committed. */
  readonly json: Buffer;
}
