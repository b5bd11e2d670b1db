import { createKeyStore, followKeys } from '@telltale/auth';
import { TOPICS } from '@telltale/contracts';
import { retryTransient } from '@telltale/engine';
import { type ServiceDefinition } from '@telltale/platform-nest-runtime';
import { gatewayConfig, limitsOf } from './config';
import { type GatewayDeps } from './deps';
import { GatewayModule } from './gateway.module';
import { createGrpcDoor, type GrpcDoor } from './grpc-door';
import { createInflight } from './inflight';
import { createPace } from './pace';

/** Lets producers in: HTTP beside the other services, gRPC on its own port. */
export const gatewayService: ServiceDefinition = {
  name: 'gateway',
  dependsOn: [],
  config: gatewayConfig,
  topics: { reads: [TOPICS.settings.name, TOPICS.control.name], writes: [TOPICS.raw.name, TOPICS.acks.name] },
  async init({ config, events, seal, signer, clock, log, metrics, stopping }) {
    const own = gatewayConfig.parse(config);
    const keys = createKeyStore();
    await followKeys(keys, { log: events, signal: stopping, clock, logger: log });
    const limits = limitsOf(own);
    // Known before anybody is let in: what belongs together must go to one lane.
    const described = await retryTransient(() => events.describe([TOPICS.raw.name]), {
      clock,
      who: 'gateway/lanes',
      signal: stopping,
      onRetry: (error) => log.warn('waiting_for_backend', { error, runbook: 'docs/runbooks/backend-unreachable.md' }),
    });
    const lanes = described?.[0]?.partitions.length || 1;
    const deps: GatewayDeps = {
      log: events,
      seal,
      signer,
      keys,
      clock,
      metrics,
      logger: log,
      limits,
      inflight: createInflight(limits, metrics),
      pace: createPace(clock, limits),
      lanes: () => lanes,
      stopping,
    };
    let door: GrpcDoor | null = null;
    return {
      modules: [GatewayModule.register(deps)],
      async start() {
        if (own.GATEWAY_GRPC_PORT === 'off') return undefined;
        door = await createGrpcDoor(deps, own.GATEWAY_GRPC_PORT, config.HTTP_HOST);
        return { grpcPort: door.port };
      },
      async stop() {
        await door?.close();
      },
    };
  },
};
