export { gatewayConfig, type GatewayConfig, limitsOf } from './config';
export { type GatewayDeps, type GatewayLimits } from './deps';
export { GatewayModule } from './gateway.module';
export { createGrpcDoor, type GrpcDoor } from './grpc-door';
export { createInflight, type Hold, type Inflight } from './inflight';
export { gatewayService } from './service';
