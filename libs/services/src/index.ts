export { ACL_PROCESSES, type AclRule, aclsOf } from './acls';
export { costsService } from '@telltale/pipeline-costs';
export * from './catalog';
export { cellUrlsOf, type GatewayConfig, gatewayConfig, gatewayService } from './gateway';
export { portsOf, senderConfig, senderService } from './sender';
export { insightsConfig, insightsService } from './insights';
export * from './sizing';
export { SIZING_FIGURES, type SizingFigure, type SizingFigureName } from './sizing-figures';
