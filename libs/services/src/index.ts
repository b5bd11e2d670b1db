export * from './catalog';
export { type GatewayConfig, gatewayConfig, gatewayService } from './gateway';
export { insightsService } from './insights';
