export { masterKeyFrom, openKeyFile } from './master-key';
export { createSeal, type DestroyableSeal, type KeyFolder, openKeyFolder, type SealOptions } from './seal';
