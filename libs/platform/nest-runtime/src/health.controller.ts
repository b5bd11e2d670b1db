import { Controller, Get, Inject, Res } from '@nestjs/common';
import { type TaskHealth } from '@telltale/streaming';
import { type PrometheusMetrics } from '@telltale/platform-telemetry';
import { notReadyBecause } from './readiness';

export const HEALTH = Symbol('health');

export interface Health {
  /** Why the process cannot work now, or null. */
  notReady(): string | null;
  tasks(): readonly TaskHealth[];
  readonly services: readonly string[];
  readonly metrics: PrometheusMetrics;
}

interface Reply {
  code(status: number): Reply;
  header(name: string, value: string): Reply;
  send(body: unknown): Reply;
}

@Controller()
export class HealthController {
  constructor(@Inject(HEALTH) private readonly health: Health) {}

  /** Alive: the event loop responds. */
  @Get('healthz')
  alive(): { status: string; services: readonly string[] } {
    return { status: 'ok', services: this.health.services };
  }

  /** Ready: started, not stopping, every task restored, none paused for over a minute. A shorter pause is only listed. */
  @Get('readyz')
  ready(@Res() reply: Reply): void {
    const tasks = this.health.tasks();
    const why = this.health.notReady() ?? notReadyBecause(tasks);
    reply.code(why === null ? 200 : 503).send({ status: why ?? 'ready', tasks });
  }

  @Get('metrics')
  async metrics(@Res() reply: Reply): Promise<void> {
    reply.header('content-type', this.health.metrics.contentType).send(await this.health.metrics.expose());
  }
}
