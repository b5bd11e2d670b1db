import { type ReceiverValue } from '@telltale/contracts';
import { isIP } from 'node:net';
import { createTransport } from 'nodemailer';
import { checkPlainText, checkPort, type DeliveryRules } from './delivery-rules';
import { withSignal } from './post';
import { type ResolveName, resolveTarget } from './resolve-target';

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
  readonly references: string;
  readonly headers: Readonly<Record<string, string>>;
}

const PORTS = { starttls: 587, implicit: 465, none: 25 };

/** Sends one mail to a server whose address was checked. Answers how many recipients were refused. Errors as of `post`, and those of nodemailer. */
export async function sendMail(
  mail: Mail,
  { host = '', tls = 'starttls', port = PORTS[tls], username, password }: ReceiverValue,
  attempt: number,
  rules: DeliveryRules,
  resolve: ResolveName,
): Promise<number> {
  checkPlainText(tls === 'none', rules, 'SMTP with tls none');
  checkPort(port, rules.smtpPorts, 'SENDER_SMTP_PORTS');
  const signal = AbortSignal.timeout(rules.timeoutMs);
  // As browsers read a host, so that numbers in disguise are addresses.
  const named = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : host;
  const target = await withSignal(resolveTarget(named, rules.allowed, resolve), signal);
  const transport = createTransport({
    // Another of its addresses at each try.
    host: target.addresses[(attempt - 1) % target.addresses.length] ?? '',
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(isIP(target.host) === 0 && { tls: { servername: target.host } }),
    ...(username !== undefined && { auth: { user: username, pass: password ?? '' } }),
    name: 'telltale',
    connectionTimeout: rules.timeoutMs,
    greetingTimeout: rules.timeoutMs,
    socketTimeout: rules.timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const { references, ...rest } = mail;
    const sent = transport.sendMail({ ...rest, to: [...mail.to], references, inReplyTo: references });
    const { rejected } = await withSignal(sent, signal);
    return rejected.length;
  } finally {
    transport.close();
  }
}
