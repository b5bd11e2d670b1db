import { type NativeEvent } from '@telltale/contracts';
import { failure, hashId, type Result } from '@telltale/kernel';
import { type EventDraft } from '../draft';
import { type Fields } from './fields';
import { type Metadata } from './metadata';

/** What a trace says that holds for all inside it. */
export interface TraceContext {
  readonly session: string;
  readonly user: string;
  readonly release: string;
  readonly environment: string;
  readonly service: string;
}

/** Where an export says nothing of a service. */
export interface ImportOptions {
  readonly service: string;
}

/** The event of one record, or the field that is wrong and why. */
export type ReadRecord = Result<NativeEvent, string>;

/** The same record has the same id in every kind of export. */
export const recordId = (kind: 'observation' | 'trace' | 'score', ...ids: readonly string[]): string =>
  hashId(32, 'langfuse', kind, ...ids);

export const missing = (field: string): ReadRecord => failure(`${field} is missing`);
export const noTime = (field: string): ReadRecord =>
  failure(`${field} is no time: it must be ISO 8601 such as 2026-01-31T12:00:00Z or 2026-01-31 12:00:00.000000 (UTC)`);

/** Langfuse names the environment of who names none. */
const NO_ENVIRONMENT = 'default';
const NO_SERVICE = 'unknown_service';

const named = (value: unknown, none = ''): string => (typeof value === 'string' && value !== none ? value : '');

export const contextOf = (fields: Fields, { resource }: Pick<Metadata, 'resource'>): TraceContext => ({
  session: fields.text('sessionId'),
  user: fields.text('userId'),
  release: fields.text('release'),
  environment: named(fields.text('environment'), NO_ENVIRONMENT),
  service: named(resource['service.name'], NO_SERVICE),
});

/** Who and where: the record's own word before that of its trace. */
export function fillContext(
  { event }: EventDraft,
  own: TraceContext,
  trace: TraceContext | undefined,
  options: ImportOptions,
): void {
  event.session_id = own.session || trace?.session || event.session_id;
  event.user_id = own.user || trace?.user || event.user_id;
  event.release = own.release || trace?.release || event.release;
  event.deployment_environment = own.environment || trace?.environment || named(event.deployment_environment, NO_ENVIRONMENT);
  event.service_name = own.service || trace?.service || options.service;
}
