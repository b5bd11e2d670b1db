/** Seals bodies so that nothing raw rests readable. */
export interface Seal {
  /** Sealed bytes and the key day to send along (`tt-sealed`). A body may come in pieces, which saves its sender a copy. */
  seal(tenant: string, plain: Uint8Array | readonly Uint8Array[]): { readonly bytes: Buffer; readonly keyDay: string };
  /** PermanentError('rejected') when the key is gone or the bytes were changed. */
  open(tenant: string, keyDay: string, sealed: Uint8Array): Buffer;
}
