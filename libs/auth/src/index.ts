export { digestOf } from '@telltale/settings';
export { cellOf, keyOf, keyOfCell } from './api-key';
export { authorize, type Verdict } from './authorize';
export { createKeyRates, type KeyRates } from './key-rates';
export { createKeyStore, type Grant, type KeyStore } from './key-store';
