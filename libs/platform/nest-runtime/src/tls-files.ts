import { errorCodeOf, PermanentError } from '@telltale/kernel';
import { readFileSync } from 'node:fs';

/** What a TLS peer of ours is checked against, and what we show it; PEM. */
export interface TlsFiles {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

function pemOf(variable: string, file: string): Buffer {
  let text: Buffer;
  try {
    text = readFileSync(file);
  } catch (error) {
    throw new PermanentError('config', `${variable}: ${file} cannot be read (${errorCodeOf(error) ?? 'unknown'}): give the path of a PEM file`); // prettier-ignore
  }
  if (!text.includes('-----BEGIN '))
    throw new PermanentError('config', `${variable}: ${file} is not a PEM file: give one that has -----BEGIN …`);
  return text;
}

/** The files of `<prefix>_CA_FILE`, `<prefix>_CERT_FILE` and `<prefix>_KEY_FILE`; null where none is set. Throws PermanentError('config'). */
export function tlsFilesOf(config: Readonly<Record<string, unknown>>, prefix: string): TlsFiles | null {
  const [ca, cert, key] = ['CA', 'CERT', 'KEY'].map((part) => {
    const variable = `${prefix}_${part}_FILE`;
    const file = config[variable];
    return typeof file === 'string' && file !== '' ? pemOf(variable, file) : undefined;
  });
  if ((cert === undefined) !== (key === undefined)) {
    const [missing, there] = cert === undefined ? ['CERT', 'KEY'] : ['KEY', 'CERT'];
    throw new PermanentError(
      'config',
      `${prefix}_${missing}_FILE is not set and ${prefix}_${there}_FILE is: give both, or neither`,
    );
  }
  if (!ca && !cert) return null;
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}
