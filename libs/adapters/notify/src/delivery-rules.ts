import { PermanentError } from '@telltale/kernel';
import { type AllowedTargets } from './address-rules';

/** What an operator allows of where deliveries go. */
export interface DeliveryRules {
  readonly allowed: AllowedTargets;
  /** Also HTTP and SMTP without TLS. */
  readonly allowPlainText: boolean;
  readonly httpPorts: readonly number[];
  readonly smtpPorts: readonly number[];
  readonly timeoutMs: number;
}

export const refused = (why: string): PermanentError => new PermanentError('rejected', `it is refused: ${why}`);

export function checkPort(port: number, ports: readonly number[], variable: string): void {
  if (!ports.includes(port)) throw refused(`its port ${port} is none of ${ports.join(', ')}; an operator may add it to ${variable}`);
} // prettier-ignore

export function checkPlainText(isPlain: boolean, { allowPlainText }: DeliveryRules, what: string): void {
  if (isPlain && !allowPlainText) throw refused(`${what} is not encrypted; an operator may set SENDER_ALLOW_PLAIN_TEXT=true`);
}
