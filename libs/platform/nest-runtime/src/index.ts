export { backendKind, openBackends, type Backends } from './backends';
export { HealthController } from './health.controller';
export { HomeInUseError } from './home-lock';
export { createHttpApp } from './http';
export { serverCertificateOf, type LiveCertificate } from './live-certificate';
export { createSetup } from './setup';
export { runMain } from './run-main';
export { pipelineApp, type ProcessConfig, type ServiceApp, type ServiceContext, type ServiceParts } from './service-app';
export { configOf, readConfig, startServices, type RunningServices, type TaskThread } from './start-services';
