/** Encrypts bodies so that nothing raw rests readable. */
export interface Encryptor {
  /** Encrypted bytes and the id of the key (`tt-encryption-key-id`). A body may come in pieces, which saves its sender a copy. */
  encrypt(tenant: string, plain: Uint8Array | readonly Uint8Array[]): { readonly bytes: Buffer; readonly keyId: string };
  /** PermanentError('rejected') when the key is gone or the bytes were changed. */
  decrypt(tenant: string, keyId: string, encrypted: Uint8Array): Buffer;
}
