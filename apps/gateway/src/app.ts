import { createKeyStore } from '@telltale/auth';
import { TOPICS } from '@telltale/contracts';
import { retryTransient } from '@telltale/streaming';
import { serverCertificateOf, type ServiceApp } from '@telltale/platform-nest-runtime';
import { cellUrlsOf, gatewayConfig, gatewayService } from '@telltale/services';
import { followSettings } from '@telltale/settings';
import { type GatewayDeps } from './deps';
import { GatewayModule } from './gateway.module';
import { createGrpcReceiver, type GrpcReceiver } from './grpc-receiver';
import { createInflight } from './inflight';
import { limitsOf } from './limits';
import { createPace } from './pace';

/** HTTP beside the other services, gRPC on its own port. */
export const gatewayApp: ServiceApp = {
  service: gatewayService,
  certificate: (config) => serverCertificateOf(config, 'GATEWAY_TLS'),
  async init({ config, certificate, broker, encryptor, signer, clock, logger, metrics, tracer, stopping }) {
    const own = gatewayConfig.parse(config);
    const keys = createKeyStore(await followSettings({ broker, signal: stopping, clock, logger }));
    const limits = limitsOf(own);
    // Known before requests are accepted: related records must go to one task.
    const described = await retryTransient(() => broker.describe([TOPICS.raw.name]), {
      clock,
      caller: 'gateway/partitions',
      signal: stopping,
      onRetry: (error) => logger.warn('waiting_for_backend', { error, runbook: 'docs/runbooks/backend-unreachable.md' }),
    });
    const partitions = described?.[0]?.partitions.length || 1;
    const deps: GatewayDeps = {
      broker,
      encryptor,
      signer,
      keys,
      cells: { own: own.GATEWAY_CELL ?? null, urls: cellUrlsOf(own) },
      clock,
      metrics,
      tracer,
      logger,
      limits,
      inflight: createInflight(limits, metrics),
      pace: createPace(clock, limits),
      partitions,
      stopping,
    };
    let receiver: GrpcReceiver | null = null;
    return {
      modules: [GatewayModule.register(deps)],
      async start() {
        if (own.GATEWAY_GRPC_PORT === 'off') return undefined;
        receiver = await createGrpcReceiver(deps, own.GATEWAY_GRPC_PORT, config.HTTP_HOST, certificate);
        return { grpcPort: receiver.port };
      },
      async stop() {
        await receiver?.close();
      },
    };
  },
};
