/** What the page shows of an event of the tail. */
export interface SeenEvent {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly ts: string;
  readonly service_name: string;
  readonly status: string;
  readonly cost_nano_usd?: number | string | null;
  readonly duration_ms?: number | null;
}

const TEXTS = ['id', 'kind', 'name', 'ts', 'service_name', 'status'] as const;

export const isEvent = (value: unknown): value is SeenEvent =>
  typeof value === 'object' &&
  value !== null &&
  TEXTS.every((field) => typeof (value as Record<string, unknown>)[field] === 'string');
