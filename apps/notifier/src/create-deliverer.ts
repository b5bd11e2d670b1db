import {
  type DeliveryRules,
  openSecrets,
  type Outcome,
  outcomeOfAnswer,
  outcomeOfError,
  post,
  resolveByDns,
  type ResolveName,
  type SecretSources,
  sendMail,
  signatureHeaders,
} from '@telltale/adapter-notify';
import { type DeliveryRequest, type DeliveryResult, SECRET_FIELDS } from '@telltale/contracts';
import { dedupeKeyOf, mailFor, messageFor, type RequestParts } from '@telltale/domain-notify';
import { type Clock, isoTime } from '@telltale/kernel';

export interface DelivererOptions extends SecretSources {
  readonly rules: DeliveryRules;
  readonly clock: Clock;
  /** DNS, where it is not given. */
  readonly resolve?: ResolveName;
}

/** Makes tries to deliver alerts. What goes wrong with a receiver is the result of the try, never an error. */
export interface Deliverer {
  deliver(request: DeliveryRequest): Promise<DeliveryResult>;
}

export function createDeliverer({ rules, clock, resolve = resolveByDns, ...sources }: DelivererOptions): Deliverer {
  async function send(parts: RequestParts, attempt: number): Promise<Outcome> {
    const secrets = SECRET_FIELDS.flatMap((field) => parts.value[field] ?? []);
    try {
      const now = clock.now();
      const message = messageFor(parts, now);
      if (!message) {
        const refused = await sendMail(mailFor(parts), parts.value, attempt, rules, resolve);
        const error = refused === 0 ? '' : `${refused} of ${parts.value.to?.length ?? 0} recipients were refused`;
        return { outcome: 'delivered', http_status: null, error, retry_after_ms: null };
      }
      const { secret } = parts.value;
      const signature = secret === undefined ? {} : signatureHeaders(parts.id, message.body, secret, now);
      // The same for every try: a receiver that keeps it takes a delivery once.
      const headers = { ...message.headers, 'idempotency-key': parts.id, ...signature };
      return outcomeOfAnswer(await post({ ...message, headers }, rules, resolve), secrets, clock.now());
    } catch (error) {
      const outcome = outcomeOfError(error, secrets);
      if (outcome) return outcome;
      throw error;
    }
  }

  return {
    async deliver(request) {
      const { tenant, id, attempt, reason, receiver, value, alert, firing_since: firingSince } = request;
      const started = clock.monotonic();
      const openAndSend = async (): Promise<Outcome> => {
        try {
          const open = openSecrets(value, request, sources);
          return await send({ id, reason, alert, firingSince, value: open }, attempt);
        } catch (error) {
          const outcome = outcomeOfError(error, []);
          if (outcome) return outcome;
          throw error;
        }
      };
      const outcome = await openAndSend();
      return {
        tenant, id, attempt, reason, receiver, receiver_type: value.type, alert_id: alert.id, incident_id: alert.incident_id, dedupe_key: dedupeKeyOf(alert), ...outcome,
        latency_ms: Math.max(0, Math.round(clock.monotonic() - started)),
        at: isoTime(clock.now()),
      }; // prettier-ignore
    },
  };
}
