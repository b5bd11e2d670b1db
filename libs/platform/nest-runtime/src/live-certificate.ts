import { type Clock, messageOf, MINUTE_MS, PermanentError } from '@telltale/kernel';
import { type Logger } from '@telltale/streaming';
import { createSecureContext } from 'node:tls';
import { tlsFilesOf } from './tls-files';

export interface ServerCertificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** A server that takes another certificate while it runs. */
interface TlsServer {
  setSecureContext(certificate: ServerCertificate): void;
}

/** A certificate that servers show; when its files have changed, the new one. */
export interface LiveCertificate {
  readonly first: ServerCertificate;
  renewIn(server: TlsServer): void;
  /** Reads the files again every minute, until `signal` aborts. */
  follow(signal: AbortSignal): Promise<void>;
}

/** The certificate of `<prefix>_CERT_FILE` and `<prefix>_KEY_FILE`; null where none is set. Throws PermanentError('config'). */
export function serverCertificateOf(config: Readonly<Record<string, unknown>>, prefix: string): ServerCertificate | null {
  const files = tlsFilesOf(config, prefix);
  if (!files?.cert || !files.key) return null;
  const certificate = { cert: files.cert, key: files.key };
  try {
    createSecureContext(certificate);
  } catch (error) {
    throw new PermanentError(
      'config',
      `${prefix}_CERT_FILE and ${prefix}_KEY_FILE cannot be used together: give a certificate and the key it was made with`,
      { cause: error },
    );
  }
  return certificate;
}

const isSame = (one: ServerCertificate, other: ServerCertificate): boolean =>
  one.cert.equals(other.cert) && one.key.equals(other.key);

export function createLiveCertificate(
  read: () => ServerCertificate | null,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): LiveCertificate | null {
  const first = read();
  if (!first) return null;
  const servers: TlsServer[] = [];
  let current = first;

  function renew(): void {
    const next = read();
    if (!next || isSame(current, next)) return;
    for (const server of servers) server.setSecureContext(next);
    current = next;
    logger.info('certificate_renewed');
  }

  return {
    first,
    renewIn: (server) => void servers.push(server),
    async follow(signal) {
      while (!signal.aborted) {
        await clock.sleep(MINUTE_MS, signal);
        try {
          if (!signal.aborted) renew();
        } catch (error) {
          // Half-written files are whole a moment later; the servers keep what they have.
          logger.warn('certificate_not_renewed', { error: messageOf(error) });
        }
      }
    },
  };
}
