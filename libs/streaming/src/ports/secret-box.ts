/** Seals secrets that people set, so that they rest nowhere in plain text. */
export interface SecretBox {
  /** `place`: what the secret is of, such as tenant, setting and field; sealed for one place it opens in no other. */
  seal(place: string, secret: string): string;
  /** Throws PermanentError('rejected') for what was changed, or sealed for another place or with another master key. */
  open(place: string, sealed: string): string;
}

/** The place of a secret in a setting. */
export const secretPlace = (setting: string, field: string): string => `${setting}/${field}`;
