import { z } from 'zod';
import { matchers } from '../matchers';
import { text } from './fields';
import { INCIDENT_SEVERITIES } from './incident';

export const RECEIVER_TYPES = ['webhook', 'slack', 'pagerduty', 'alertmanager', 'email'] as const;
export type ReceiverType = (typeof RECEIVER_TYPES)[number];

/** Fields that are never stored or shown as they are: an address may hold a secret in its path. */
export const SECRET_FIELDS = ['url', 'secret', 'routing_key', 'password', 'bearer_token'] as const;
export type SecretField = (typeof SECRET_FIELDS)[number];
/** Those that are sent to where the receiver is, or prove to it who sends: they never follow to another place. */
export const CREDENTIAL_FIELDS: readonly SecretField[] = ['secret', 'routing_key', 'password', 'bearer_token'];

/** What a sealed secret begins with. */
export const SEALED_PREFIX = 'sealed.v1.';
/** Where the text itself is elsewhere: in a variable or a file of the process that sends. */
const ENV_REFERENCE = /^env:TELLTALE_RECEIVER_[A-Z0-9_]{1,100}$/;
const FILE_REFERENCE = /^file:[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
export const isSealed = (given: string): boolean => given.startsWith(SEALED_PREFIX);
export const isReference = (given: string): boolean => /^(?:env|file):/.test(given);
/** Stands for a secret where people look at it, and leaves it as it is where they give it back. */
export const HIDDEN = '(hidden)';

/** Of what each type needs; the others are refused. */
export const RECEIVER_FIELDS: Readonly<
  Record<ReceiverType, { readonly needs: readonly string[]; readonly may: readonly string[] }>
> = {
  webhook: { needs: ['url', 'secret'], may: [] },
  slack: { needs: ['url'], may: [] },
  pagerduty: { needs: ['routing_key'], may: ['url'] },
  alertmanager: { needs: ['url'], may: ['username', 'password', 'bearer_token'] },
  email: { needs: ['host', 'from', 'to'], may: ['port', 'tls', 'username', 'password'] },
};
const OF_A_TYPE = [...new Set(Object.values(RECEIVER_FIELDS).flatMap(({ needs, may }) => [...needs, ...may]))];

const secretText = z
  .string()
  .min(1, 'is empty; leave it out')
  .max(8_192)
  .refine((given) => !given.startsWith('env:') || ENV_REFERENCE.test(given), 'names no variable for receivers; give env:TELLTALE_RECEIVER_ and capitals, digits or underscores')
  .refine((given) => !given.startsWith('file:') || FILE_REFERENCE.test(given), 'names no file; give file: and a name within SENDER_SECRETS_DIR, without slashes'); // prettier-ignore

function urlProblem(given: string): string | null {
  if (isSealed(given) || isReference(given)) return null;
  if (!URL.canParse(given)) return 'is no address; give one such as https://example.com/hook';
  const { protocol, username, password, hash } = new URL(given);
  if (protocol !== 'https:' && protocol !== 'http:')
    return 'is neither https nor http; give an address that begins with https://';
  if (username !== '' || password !== '') return 'holds a user or password; give them as username and password';
  return hash === '' ? null : 'has a part after #, which is never sent; leave it out';
}

/** Address as in a From or To: nothing that could begin another header or another recipient. */
const mailbox = z
  .string()
  .max(320)
  .regex(
    /^[^\s@<>,;:"()[\]\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/,
    'is no address of e-mail; give one such as ops@example.com',
  );

/** Where alerts go. */
export const receiverValue = z
  .strictObject({
    type: z.enum(RECEIVER_TYPES, { error: `is no type of receiver; give one of ${RECEIVER_TYPES.join(', ')}` }).describe('What is sent, and how'),
    url: secretText.optional().describe('webhook, slack, alertmanager: where it goes; pagerduty: other than events.pagerduty.com. Kept sealed'),
    secret: secretText.optional().describe('webhook: what deliveries are signed with, 16 characters or more. Kept sealed'),
    routing_key: secretText.optional().describe('pagerduty: integration key of Events API v2. Kept sealed'),
    username: text.min(1).max(300).optional().describe('alertmanager, email: user'),
    password: secretText.optional().describe('alertmanager, email: password of the user. Kept sealed'),
    bearer_token: secretText.optional().describe('alertmanager: token in place of a user. Kept sealed'),
    host: text.min(1).max(253).regex(/^[A-Za-z0-9.:_-]+$/, 'is no host; give a name or an address without port').optional().describe('email: SMTP server'),
    port: z.number().int().min(1).max(65_535).optional().describe('email: port; 587 when absent, 465 with tls implicit'),
    tls: z.enum(['starttls', 'implicit', 'none']).optional().describe('email: starttls when absent; none where the operator allows plain text'),
    from: mailbox.optional().describe('email: sender'),
    to: z.array(mailbox).min(1).max(20).optional().describe('email: recipients'),
    matchers: matchers.default([]).describe('Only alerts that all of these match; all of them when absent'),
    min_severity: z.enum(INCIDENT_SEVERITIES).default('info').describe('Only alerts at least this severe'),
    send_resolved: z.boolean().default(true).describe('Also say when it is over'),
    renotify_minutes: z.number().int().min(1).max(10_080).optional().describe('Say it again while it fires and nobody has acknowledged it; once when absent'),
  })
  .superRefine((value, context) => {
    const { type } = value;
    const { needs, may } = RECEIVER_FIELDS[type];
    const given: Readonly<Record<string, unknown>> = value;
    const problem = (field: string, message: string): void => context.addIssue({ code: 'custom', path: [field], message });
    for (const field of needs) if (given[field] === undefined) problem(field, `is missing; a receiver of type ${type} needs it`);
    for (const field of OF_A_TYPE)
      if (given[field] !== undefined && !needs.includes(field) && !may.includes(field))
        problem(field, `is no field of a receiver of type ${type}; leave it out`);
    const { url, secret, username, password, bearer_token: bearer } = value;
    const wrong = url === undefined ? null : urlProblem(url);
    if (wrong) problem('url', wrong);
    if (secret !== undefined && !isReference(secret) && secret.length < 16) problem('secret', 'is shorter than 16 characters; make one with: openssl rand -base64 24');
    if (bearer !== undefined && username !== undefined) problem('bearer_token', 'is given beside username; give one of the two');
    if ((username === undefined) !== (password === undefined)) problem(username === undefined ? 'username' : 'password', 'is missing; username and password go together');
  }); // prettier-ignore
export type ReceiverValue = z.infer<typeof receiverValue>;

/** Whether this is a receiver's value; no other setting has these fields. */
const isReceiver = (value: object): value is ReceiverValue =>
  'type' in value && RECEIVER_TYPES.some((type) => type === value.type);

/** The value with each of its secrets replaced; undefined leaves it out. */
export function withSecrets<T extends object>(value: T, replace: (field: SecretField, secret: string) => string | undefined): T {
  if (!isReceiver(value)) return value;
  const secrets = SECRET_FIELDS.flatMap((field) => {
    const secret = value[field];
    return secret === undefined ? [] : [[field, replace(field, secret)] as const];
  });
  return Object.fromEntries(Object.entries({ ...value, ...Object.fromEntries(secrets) }).filter(([, one]) => one !== undefined)) as T;
} // prettier-ignore

/** As people see it: where a secret is elsewhere its place, else nothing of it. */
export const hideSecrets = <T extends object>(value: T): T =>
  withSecrets(value, (_, secret) => (isReference(secret) ? secret : HIDDEN));
