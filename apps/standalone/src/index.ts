export { HomeInUseError } from '@telltale/platform-nest-runtime';
export { API_KEY_FILE, ensureApiKey, registerApiKey } from './api-key';
export { APPS, selectApps } from './apps';
export { PID_FILE, startStandalone, type Standalone, type StandaloneOptions } from './start-standalone';
