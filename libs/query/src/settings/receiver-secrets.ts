import {
  CREDENTIAL_FIELDS,
  HIDDEN,
  isReference,
  isSealed,
  type ReceiverValue,
  SECRET_FIELDS,
  type SettingAddress,
} from '@telltale/contracts';
import { ApiError, badParameter } from '../define/api-error';
import { type AskContext } from '../define/definition';

const PLACE: readonly (keyof ReceiverValue)[] = ['type', 'host', 'port', 'tls'];

/** Whether a receiver is where it was, by what is given now. */
function isSamePlace(given: Readonly<Record<string, unknown>>, stored: ReceiverValue): boolean {
  const sameUrl = given['url'] === HIDDEN || given['url'] === stored.url;
  return sameUrl && PLACE.every((field) => given[field] === stored[field]);
}

/** A secret that is elsewhere is one of those who run the sender; who else could name it would have it sent to himself. */
function checkReference(field: string, { grant }: AskContext): void {
  if (grant.scopes.includes('operator')) return;
  throw new ApiError('forbidden', `value.${field}: names a variable or file of the sender, which this API key may not`, {
    parameter: `value.${field}`,
    fix: 'give the secret itself, which is kept sealed, or use a key with the scope operator',
  });
}

/**
 * The value of a receiver with the secrets that stay as they are: those given as `(hidden)`, as answers show them. They stay with the place
 * they were given for, so that nobody has a secret sent to an address of their own.
 */
export function withStoredSecrets(given: object, address: SettingAddress, context: AskContext): object {
  if (address.type !== 'receiver') return given;
  const value: Readonly<Record<string, unknown>> = { ...given };
  const current = context.settings.get(address);
  const stored = current?.type === 'receiver' ? current.value : null;
  const kept: Record<string, unknown> = { ...value };
  for (const field of SECRET_FIELDS) {
    const secret = value[field];
    if (typeof secret !== 'string') continue;
    const former = stored?.[field];
    const stays = secret === HIDDEN || (isReference(secret) && secret === former);
    if (isSealed(secret)) throw badParameter(`value.${field}`, 'is a sealed secret, which Telltale alone writes', `give the secret itself, or ${HIDDEN} for the one that is there`);
    if (isReference(secret) && !stays) checkReference(field, context);
    if (!stays) continue;
    if (former === undefined) throw badParameter(`value.${field}`, `is ${HIDDEN}, but there is none yet`, 'give the secret itself');
    if (CREDENTIAL_FIELDS.includes(field) && stored && !isSamePlace(value, stored))
      throw badParameter(`value.${field}`, 'stays as it is, but the receiver is at another place', 'give it again together with the new place');
    kept[field] = former;
  }
  return kept;
} // prettier-ignore
