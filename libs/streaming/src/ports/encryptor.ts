/** How a body is to be read: headers of its record that are sealed with it, so that nobody can have it read as something else. */
export interface BodyForm {
  readonly format: string;
  readonly encoding: string;
}

/** The form that headers of a raw record give its body. */
export const bodyFormOf = (headers: Readonly<Record<string, string | undefined>>): BodyForm => ({
  format: headers['tt-format'] ?? 'native',
  encoding: headers['tt-encoding'] ?? 'json',
});

/** Encrypts bodies, so that no raw content is stored in plain text. */
export interface Encryptor {
  /**
   * Returns the encrypted bytes and the id of the key (`tt-encryption-key-id`). Accepts a body in chunks, which saves the caller a copy.
   */
  encrypt(
    tenant: string,
    plain: Uint8Array | readonly Uint8Array[],
    form: BodyForm,
  ): { readonly bytes: Buffer; readonly keyId: string };
  /** Throws PermanentError('rejected') when the key no longer exists, or the bytes were changed or are of another tenant, day or form. */
  decrypt(tenant: string, keyId: string, encrypted: Uint8Array, form: BodyForm): Buffer;
}
