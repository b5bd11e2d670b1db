export { digestOf, keyOf } from './api-key';
export { authorize, type Verdict } from './authorize';
export { createKeyStore, type Grant, type KeyStore } from './key-store';
