import { type BeforeApplicationShutdown, Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Alert, alertKey } from './alert';

export interface WebhookOptions {
  /** Null: nothing is sent. */
  readonly url: string | null;
  readonly timeoutMs: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

/** The receiver understood the request and refuses this alert; sending it again changes nothing. */
const REFUSALS = [400, 413, 422];

/** POSTs alerts, and tries again until the receiver takes them. */
export class Webhook implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Webhook');
  private readonly closing = new AbortController();

  constructor(private readonly options: WebhookOptions) {}

  /**
   * Returns once the alert was taken, or refused in a way that trying again does not change. Rejects when the process shuts down first: the alert is then not committed and
   * comes again. `heartbeat` keeps the partition while the receiver is away.
   */
  async send(alert: Alert, heartbeat: () => Promise<void>): Promise<void> {
    const { url, firstPauseMs, longestPauseMs } = this.options;
    if (url === null) return;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      this.closing.signal.throwIfAborted();
      const failure = await this.post(url, alert);
      if (failure === null) return;
      this.logger.warn(`alert ${alert.id} was not taken: ${failure}; next try in ${pauseMs} ms`);
      await heartbeat();
      await sleep(pauseMs, undefined, { signal: this.closing.signal });
    }
  }

  /** Null when there is nothing more to do, else why it failed. */
  private async post(url: string, alert: Alert): Promise<string | null> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': alertKey(alert) },
        body: JSON.stringify(alert),
        signal: AbortSignal.any([this.closing.signal, AbortSignal.timeout(this.options.timeoutMs)]),
      });
      await response.arrayBuffer();
      if (response.ok) return null;
      if (!REFUSALS.includes(response.status)) return `status ${response.status}`;
      this.logger.error(`alert ${alert.id} was refused with status ${response.status} and is not sent again`);
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** Runs before the consumer is closed, which waits for the alert in hand. */
  beforeApplicationShutdown(): void {
    this.closing.abort(new Error('shutting down'));
  }
}
