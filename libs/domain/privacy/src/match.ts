/** A match of a scanner: the half-open span to replace, and its kind, which is its placeholder. */
export interface Match {
  readonly start: number;
  readonly end: number;
  readonly placeholder: string;
}

export const match = (start: number, end: number, placeholder: string): Match => ({ start, end, placeholder });

export const SECRET = '[SECRET]';
export const EMAIL = '[EMAIL]';
export const CARD = '[CARD]';
export const IBAN = '[IBAN]';
export const PHONE = '[PHONE]';
export const IP = '[IP]';
export const SSN = '[SSN]';
export const NATIONAL_ID = '[NATIONAL_ID]';
export const ACCOUNT = '[ACCOUNT]';
export const BIRTH_DATE = '[BIRTH_DATE]';
export const MAC = '[MAC]';
export const WALLET = '[WALLET]';
export const URL = '[URL]';
export const PERSON = '[PERSON]';
export const PLACE = '[PLACE]';
export const ORGANISATION = '[ORGANISATION]';
export const ADDRESS = '[ADDRESS]';

/** A replacement: `[EMAIL]`, or `[EMAIL~kdjfhgbc]` with a pseudonym. */
export const PLACEHOLDER = /^\[[A-Z_]{2,16}(?:~[a-p]{1,32})?\]/;
