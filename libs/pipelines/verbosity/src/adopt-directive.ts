import {
  type CommandRecord,
  directiveRecord,
  directiveTarget,
  MAX_BOOST_TTL_MS,
  MAX_RESTRICT_TTL_MS,
  TOPICS,
} from '@telltale/contracts';
import { type LogRecord, readRecord, PROOF_HEADER, type RecordSigner, reject, type Rejection } from '@telltale/streaming';
import { isTenantId } from '@telltale/kernel';

const STEP = 'adopt_directive';
const ISSUED_BY = 'control topic';

/** A target may not say more than we look at: a name written wrong would make it everything. What verbosity adds is not needed. */
const byHand = directiveRecord
  .extend({ target: directiveTarget.strict() })
  .partial({ version: true, evidence: true, issued_at: true });

interface Place {
  readonly tenant: string;
  readonly id: string;
}

/** What becomes of a record of the control topic. `place` names the directive that it is, or that it may have been written over. */
export type Adopted =
  | { readonly kind: 'own'; readonly place: Place }
  | { readonly kind: 'command'; readonly command: CommandRecord }
  | { readonly kind: 'rejected'; readonly rejection: Rejection; readonly place?: Place };

/** A record that somebody else wrote to the control topic is taken as a command, under the rules of commands, or refused. */
export function adoptDirective(
  record: LogRecord,
  signer: RecordSigner,
  now: number,
  isTaken: (tenant: string) => boolean,
): Adopted {
  const [tenant = '', ...rest] = (record.key ?? '').split('/');
  const id = rest.join('/');
  const place = { tenant, id };
  if (signer.isSigned(record)) return { kind: 'own', place };
  if (!isTenantId(tenant) || id === '')
    return { kind: 'rejected', rejection: reject(record, 'invalid_field', STEP, 'key: must be <tenant>/<id of the directive>') };
  const refuse = (rejection: Rejection): Adopted => ({ kind: 'rejected', rejection, place });
  const take = (command: CommandRecord): Adopted => ({ kind: 'command', command });
  const denied = (error: string): Adopted => refuse(reject(record, 'invalid_field', STEP, error, tenant));
  if (record.headers[PROOF_HEADER] !== undefined)
    return denied(`${PROOF_HEADER}: is not the signature of this record; leave it out to ask for a directive`);
  if (!isTaken(tenant))
    return denied(`the tenant takes no directives from this topic; use ${TOPICS.commands.name}, or its setting verbosity_budget`);

  const read = readRecord(record, byHand, STEP);
  if (read.kind === 'none') return take({ type: 'revoke_directive', tenant, id, issued_by: ISSUED_BY });
  if (read.kind === 'rejected') return refuse(read.rejection);
  const { class: of, priority, target, set, limits, reason, issued_by, expires_at: expiresAt } = read.value;
  const wrong = (error: string): Adopted => refuse(reject(record, 'invalid_field', STEP, error, tenant));
  if (read.value.tenant !== tenant || read.value.id !== id) return wrong('tenant, id: must be those of the key');
  const ttl = Date.parse(expiresAt) - now;
  if (!(ttl > 0)) return wrong('expires_at: is over; give a later time');
  if (ttl > MAX_RESTRICT_TTL_MS) return wrong('expires_at: lies more than 30 days ahead; give an earlier time');
  if (of === 'boost' && ttl > MAX_BOOST_TTL_MS)
    return wrong('expires_at: lies more than 24 hours ahead; give a boost a time within a day');
  return take({ type: 'set_directive', tenant, id, class: of, priority, target, set, limits, ttl_ms: ttl, reason, issued_by });
}
