export { type GatewayDeps, type GatewayLimits } from './deps';
export { GatewayModule } from './gateway.module';
export { createGrpcReceiver, type GrpcReceiver } from './grpc-receiver';
export { createInflight, type Hold, type Inflight } from './inflight';
export { gatewayApp } from './app';
