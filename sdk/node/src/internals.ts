/** What evaluations drive without an application: not part of the package. */
export { createClient, type Client } from './client';
export { type Clock, systemClock } from './clock';
export { readSettings } from './config';
export { createInForce } from './directives/in-force';
export { createSubject, NO_OPERATION, type Subject } from './directives/match';
export { type NativeEvent } from './event';
export { createLosses } from './losses';
export { createPipeline } from './pipeline';
export { type SdkRecord } from './record';
