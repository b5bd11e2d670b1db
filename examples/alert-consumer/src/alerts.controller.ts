import { Controller, Inject, Logger } from '@nestjs/common';
import { Ctx, EventPattern, type KafkaContext, Payload, Transport } from '@nestjs/microservices';
import { alertKey, lineOf, readAlert } from './alert';
import { HandledAlerts } from './handled-alerts';
import { Webhook } from './webhook';

@Controller()
export class AlertsController {
  private readonly logger = new Logger('Alerts');
  private readonly handled = new HandledAlerts();
  private skipped = 0;

  constructor(@Inject(Webhook) private readonly webhook: Webhook) {}

  /** What returns is committed, what throws comes again: so it throws only for what another try can mend. */
  @EventPattern('telltale.alerts.v1', Transport.KAFKA)
  async onAlert(@Payload() value: unknown, @Ctx() context: KafkaContext): Promise<void> {
    const alert = readAlert(value);
    if (typeof alert === 'string') {
      // A record that can never be read would stop its partition.
      this.skipped++;
      const place = `partition ${context.getPartition()}, offset ${context.getMessage().offset}`;
      this.logger.error(`skipped a record at ${place}: ${alert}; ${this.skipped} skipped since the start`);
      return;
    }
    const key = alertKey(alert);
    if (this.handled.has(key)) return;
    process.stdout.write(`${lineOf(alert)}\n`);
    await this.webhook.send(alert, context.getHeartbeat());
    this.handled.add(key);
  }
}
