import { errorCodeOf, PermanentError } from '@telltale/kernel';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** The variable that sets the port. */
  readonly variable: string;
  /** Special values of the variable, with their meaning. */
  readonly choices: string;
}

/** Explains an unusable port and the fix; returns any other error unchanged. */
export function listenFailure(error: unknown, { host, port, variable, choices }: ListenAddress): unknown {
  const code = errorCodeOf(error);
  const why =
    code === 'EADDRINUSE'
      ? `is in use by another process: stop that one, or set ${variable} to another port (${choices})`
      : code === 'EACCES'
        ? `is not for this user: set ${variable} to a port above 1023`
        : code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND'
          ? 'cannot be listened on: set HTTP_HOST to an address of this machine'
          : null;
  return why === null ? error : new PermanentError('config', `port ${port} of ${host} ${why}`, { cause: error });
}
