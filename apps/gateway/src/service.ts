import { TOPICS } from '@telltale/contracts';
import { type ServiceDefinition } from '@telltale/platform-nest-runtime';
import { gatewayConfig, limitsOf } from './config';
import { type GatewayDeps } from './deps';
import { GatewayModule } from './gateway.module';
import { createGrpcDoor, type GrpcDoor } from './grpc-door';
import { createInflight } from './inflight';
import { createKeyRing } from './key-ring';
import { startSettingsFeed } from './settings-feed';

/** Lets producers in: HTTP beside the other services, gRPC on its own port. */
export const gatewayService: ServiceDefinition = {
  name: 'gateway',
  dependsOn: [],
  config: gatewayConfig,
  init({ config, events, seal, clock, log, metrics, stopping }) {
    const own = gatewayConfig.parse(config);
    const keys = createKeyRing();
    let lanes = 1;
    const deps: GatewayDeps = {
      log: events,
      seal,
      keys,
      clock,
      metrics,
      logger: log,
      limits: limitsOf(own),
      inflight: createInflight(own.GATEWAY_MAX_INFLIGHT_BYTES, metrics),
      lanes: () => lanes,
      stopping,
    };
    // Logged where it fails; without it every request gets 503.
    startSettingsFeed(events, keys, stopping, { clock, logger: log }).catch(() => undefined);
    let door: GrpcDoor | null = null;
    return {
      modules: [GatewayModule.register(deps)],
      async start() {
        events
          .describe([TOPICS.raw.name])
          .then(([raw]) => (lanes = raw?.partitions.length || 1))
          .catch((error: unknown) => log.warn('lanes_unknown', { error: String(error) }));
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
