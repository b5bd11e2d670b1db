import { Controller, Get, Inject, Res } from '@nestjs/common';
import { type LaneHealth } from '@telltale/engine';
import { type PrometheusMetrics } from '@telltale/platform-telemetry';
import { notReadyBecause } from './readiness';

export const HEALTH = Symbol('health');

export interface Health {
  /** Why the process does not take work now, or null. */
  notReady(): string | null;
  lanes(): readonly LaneHealth[];
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

  /** Alive: the event loop answers. */
  @Get('healthz')
  alive(): { status: string; services: readonly string[] } {
    return { status: 'ok', services: this.health.services };
  }

  /** Ready: started, not stopping, every lane restored, none paused for over a minute. A shorter pause only shows in the list. */
  @Get('readyz')
  ready(@Res() reply: Reply): void {
    const lanes = this.health.lanes();
    const why = this.health.notReady() ?? notReadyBecause(lanes);
    reply.code(why === null ? 200 : 503).send({ status: why ?? 'ready', lanes });
  }

  @Get('metrics')
  async metrics(@Res() reply: Reply): Promise<void> {
    reply.header('content-type', this.health.metrics.contentType).send(await this.health.metrics.expose());
  }
}
