import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSealed, type ReceiverValue, type SecretField, settingKey, withSecrets } from '@telltale/contracts';
import { errorCodeOf, PermanentError } from '@telltale/kernel';
import { type SecretBox, secretPlace } from '@telltale/streaming';

export interface SecretSources {
  readonly secrets: Pick<SecretBox, 'open'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of `file:` secrets; undefined: there are none. */
  readonly folder: string | undefined;
}

const MAX_BYTES = 8_192;

function fromFile(name: string, folder: string | undefined): string {
  if (folder === undefined) throw new PermanentError('config', `file:${name} needs SENDER_SECRETS_DIR, the folder of such files`);
  try {
    const text = readFileSync(join(folder, name), 'utf8').trim();
    if (text !== '' && text.length <= MAX_BYTES) return text;
  } catch (cause) {
    throw new PermanentError('config', `file:${name} cannot be read (${String(errorCodeOf(cause))}); mount it into SENDER_SECRETS_DIR`, { cause });
  }
  throw new PermanentError('config', `file:${name} is empty, or longer than ${MAX_BYTES} characters`);
} // prettier-ignore

/** The receiver with its secrets in plain text, for one delivery. PermanentError where one is not to be had; its message holds none. */
export function openSecrets(
  value: ReceiverValue,
  { tenant, receiver }: { readonly tenant: string; readonly receiver: string },
  { secrets, env, folder }: SecretSources,
): ReceiverValue {
  const place = settingKey({ type: 'receiver', tenant, name: receiver });
  return withSecrets(value, (field: SecretField, given) => {
    if (isSealed(given)) return secrets.open(secretPlace(place, field), given);
    if (given.startsWith('file:')) return fromFile(given.slice('file:'.length), folder);
    if (!given.startsWith('env:')) return given;
    const found = env[given.slice('env:'.length)];
    if (found) return found;
    throw new PermanentError('config', `${given} is not set where the sender runs: set the variable there`);
  });
}
