import { readAllowedTargets } from '@telltale/adapter-notify';
import { TOPICS } from '@telltale/contracts';
import { notifierService } from '@telltale/pipeline-notifier';
import { pipelineApp, type ServiceApp } from '@telltale/platform-nest-runtime';
import { portsOf, senderConfig, senderService } from '@telltale/services';
import { createWorker } from '@telltale/streaming';
import { createDeliverer } from './create-deliverer';
import { createDelivery } from './delivery';

export const notifierApp = pipelineApp(notifierService, () => undefined);

const ALLOWED = 'SENDER_ALLOWED_TARGETS';

export const senderApp: ServiceApp = {
  service: senderService,
  check: (config) => void readAllowedTargets(senderConfig.parse(config).SENDER_ALLOWED_TARGETS, ALLOWED),
  init: ({ config, broker, clock, logger, metrics, secrets, onCrash }) => {
    const own = senderConfig.parse(config);
    const rules = {
      allowed: readAllowedTargets(own.SENDER_ALLOWED_TARGETS, ALLOWED),
      allowPlainText: own.SENDER_ALLOW_PLAIN_TEXT === 'true',
      httpPorts: portsOf(own.SENDER_HTTP_PORTS),
      smtpPorts: portsOf(own.SENDER_SMTP_PORTS),
      timeoutMs: own.SENDER_TIMEOUT_MS,
    };
    const deliverer = createDeliverer({ rules, clock, secrets, env: process.env, folder: own.SENDER_SECRETS_DIR });
    const worker = createWorker({
      broker,
      groupId: senderService.groupId,
      topic: TOPICS.deliveryRequests.name,
      maxSpan: own.SENDER_MAX_UNDER_WAY,
      work: createDelivery({ deliverer, clock, logger, metrics }),
      clock,
      logger,
      onCrash,
    });
    return {
      start: async () => {
        await worker.start();
        return undefined;
      },
      stop: worker.stop,
    };
  },
};
