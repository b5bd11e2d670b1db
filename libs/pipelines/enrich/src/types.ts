import { type OtlpLogRecord, type OtlpSpan, type RawHeaders } from '@telltale/contracts';
import { type EventDraft } from '@telltale/domain-normalize';
import { type DlqReason, type LogRecord } from '@telltale/streaming';
import { type OtlpDecoder } from './options';

// What goes through the pipeline, step by step: record → opened → decoded → drafts → events.

export type Format = NonNullable<RawHeaders['tt-format']>;
export type Encoding = NonNullable<RawHeaders['tt-encoding']>;

/** A record as it can be read, and what its headers say. */
export interface DecryptedRecord {
  readonly record: LogRecord;
  readonly body: Buffer;
  readonly tenant: string;
  readonly format: Format;
  readonly encoding: Encoding;
  /** When the log took it in, ms since the epoch. */
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
    };

/** A piece of a body that cannot be taken, as a body of its own. */
export interface RejectedPart {
  readonly reason: DlqReason;
  readonly error: string;
  readonly value: Buffer | string;
}

export interface Decoded {
  readonly opened: DecryptedRecord;
  readonly items: readonly Item[];
  readonly refused: readonly RejectedPart[];
}

/** One event on its way. `json` is there once it is serialized. */
export interface EnrichingEvent extends EventDraft {
  json: string;
}
