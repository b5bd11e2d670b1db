export { backendKind, partitionCountOf, openBackends, type Backends } from './backends';
export { HealthController } from './health.controller';
export { HomeInUseError } from './home-lock';
export { createHttpApp } from './http';
export { runMain } from './run-main';
export { TOPICS_OF_START } from './declared-topics';
export { type ServiceContext, type ServiceDefinition, type ServiceParts, type ServiceTopics } from './service-definition';
export { configOf, readConfig, startServices, type RunningServices } from './start-services';
export { readPrices, readTenants } from './seed-settings';
