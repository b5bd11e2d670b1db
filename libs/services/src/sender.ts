import { TOPICS } from '@telltale/contracts';
import { defineEdgeService } from '@telltale/streaming';
import { z } from 'zod';

const whole = (fallback: number, least: number, most: number, about: string) =>
  z.coerce.number().int().min(least).max(most).default(fallback).describe(about);
const PORT = /^\d{1,5}$/;
const ports = (fallback: string, about: string) =>
  z
    .string()
    .default(fallback)
    .refine(
      (text) => text.split(',').every((port) => PORT.test(port.trim()) && Number(port) >= 1 && Number(port) <= 65_535),
      'is no list of ports; give numbers with commas, such as 443,8443',
    )
    .describe(about);

/** The numbers of a list that was checked. */
export const portsOf = (text: string): number[] => text.split(',').map(Number);

export const senderConfig = z.object({
  SENDER_ALLOWED_TARGETS: z.string().default('').describe('Ranges, addresses and hosts, with commas, that deliveries may go to although they are not of the public internet, such as 10.1.0.0/16 or alertmanager.monitoring.svc; none when empty'),
  SENDER_ALLOW_PLAIN_TEXT: z.enum(['true', 'false']).default('false').describe('Also delivers without TLS: to http addresses, and by SMTP with tls none'),
  SENDER_HTTP_PORTS: ports('443,8443,9093', 'Ports that HTTP deliveries may go to'),
  SENDER_SMTP_PORTS: ports('465,587,2525,25', 'Ports that mail may go to'),
  SENDER_TIMEOUT_MS: whole(10_000, 100, 60_000, 'Longest that one try may take, from resolving the name to the answer'),
  SENDER_MAX_UNDER_WAY: whole(128, 1, 500, 'Deliveries at once, of each partition; the limits of each tenant and receiver are those of the notifier'),
  SENDER_SECRETS_DIR: z.string().optional().describe('Folder of the files that receivers name as file:NAME; there are none when it is not set'),
}); // prettier-ignore

export const senderService = defineEdgeService({
  name: 'sender',
  app: 'notifier',
  about: 'Sends the alerts that the notifier asks for, over HTTP and SMTP, and says what became of each.',
  httpPort: 4343,
  inputs: [TOPICS.deliveryRequests],
  outputs: [TOPICS.deliveryResults],
  config: senderConfig,
});
