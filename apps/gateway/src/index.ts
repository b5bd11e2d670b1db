export { gatewayConfig, type GatewayConfig, limitsOf } from './config';
export { type GatewayDeps, type GatewayLimits, type KeyRing } from './deps';
export { benchGateway } from './gateway.bench';
export { GatewayModule } from './gateway.module';
export { createGrpcDoor, type GrpcDoor } from './grpc-door';
export { createInflight, type Hold, type Inflight } from './inflight';
export { createKeyRing, type LoadableKeyRing } from './key-ring';
export { gatewayService } from './service';
export { startSettingsFeed } from './settings-feed';
