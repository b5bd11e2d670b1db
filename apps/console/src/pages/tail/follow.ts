import { type ApiRequest } from '@telltale/api-client';
import { createEventParser, type ServerEvent } from './event-parser';

const FIRST_WAIT_MS = 500;
const MOST_WAIT_MS = 15_000;
/** Refusals that another try does not change. */
const FINAL: readonly number[] = [400, 401, 403, 404];

/** The wait before the try after `failed` failed ones. */
export const waitOf = (failed: number): number => Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, failed - 1));

export class Refused extends Error {}

export interface Followed {
  readonly onOpen: () => void;
  readonly onEvents: (events: readonly ServerEvent[]) => void;
  /** It broke, and is tried again after `ms`. */
  readonly onBroken: (reason: string, ms: number) => void;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly fetch: typeof globalThis.fetch;
}

async function refusalOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => null);
  const { error } = (body ?? {}) as { error?: { message?: string; fix?: string } };
  return [error?.message ?? `the answer was ${response.status}`, ...(error?.fix === undefined ? [] : [error.fix])].join('; ');
}

async function once({ path }: ApiRequest, { onOpen, onEvents, fetch }: Followed, signal: AbortSignal): Promise<void> {
  const response = await fetch(path, { credentials: 'same-origin', headers: { accept: 'text/event-stream', 'x-telltale-csrf': '1' }, signal });
  if (!response.ok) {
    const words = await refusalOf(response);
    throw FINAL.includes(response.status) ? new Refused(words) : new Error(words);
  }
  if (!response.body) throw new Error('the answer has no body');
  onOpen();
  const take = createEventParser();
  const reader = response.body.getReader();
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      const events = take(piece.value);
      if (events.length > 0) onEvents(events);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
} // prettier-ignore

/** Follows a stream until the signal aborts; where it breaks it is opened again, each time after a longer wait. Throws Refused where that would not help. */
export async function follow(request: ApiRequest, followed: Followed, signal: AbortSignal): Promise<void> {
  let failed = 0;
  const opened: Followed = { ...followed, onOpen: () => ((failed = 0), followed.onOpen()) };
  while (!signal.aborted) {
    let reason = 'the server ended it';
    try {
      await once(request, opened, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refused) throw error;
      reason = error instanceof TypeError ? 'Telltale cannot be reached from here' : error instanceof Error ? error.message : String(error); // prettier-ignore
    }
    if (signal.aborted) return;
    failed++;
    followed.onBroken(reason, waitOf(failed));
    await followed.wait(waitOf(failed), signal);
  }
}
