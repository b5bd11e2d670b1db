export { digestOf } from '@telltale/settings';
export { cellOf, keyOf, keyOfCell } from './api-key';
export { authorize, permit, type Verdict } from './authorize';
export { createKeyRates, type KeyRates } from './key-rates';
export { createKeyStore, type Grant, keyIdentityOf, type KeyStore, type KnownKey } from './key-store';
export { acceptTicket, issueTicket, type SignedIn } from './sign-in';
