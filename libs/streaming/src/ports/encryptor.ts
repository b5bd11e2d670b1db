/** Encrypts bodies, so that no raw content is stored in plain text. */
export interface Encryptor {
  /**
   * Returns the encrypted bytes and the id of the key (`tt-encryption-key-id`). Accepts a body in chunks, which saves the caller a copy.
   */
  encrypt(tenant: string, plain: Uint8Array | readonly Uint8Array[]): { readonly bytes: Buffer; readonly keyId: string };
  /** Throws PermanentError('rejected') when the key no longer exists or the bytes were changed. */
  decrypt(tenant: string, keyId: string, encrypted: Uint8Array): Buffer;
}
