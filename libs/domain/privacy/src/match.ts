/** What a scanner found: the half-open span to replace and by what. */
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
