import { type ApiRequest, createApiClient } from '@telltale/api-client';

/** What insights refused, in its own words. */
export class ApiFailure extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fix: string | undefined,
    /** The parameter or field that is wrong, dotted where it is nested. */
    readonly parameter?: string,
  ) {
    super(message);
  }
}

interface ErrorBody {
  readonly error?: {
    readonly code?: string;
    readonly message?: string;
    readonly fix?: string;
    readonly parameter?: string;
  };
}

const OFFLINE = 'Telltale cannot be reached from here';

export async function send({ method, path, body }: ApiRequest, signal?: AbortSignal): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: {
        'x-telltale-csrf': '1',
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ApiFailure(0, 'offline', OFFLINE, 'look whether it runs, and whether this machine has a network');
  }
  if (response.status === 204) return null;
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer;
  const { error } = (answer ?? {}) as ErrorBody;
  const { code = 'http', message = `the answer was ${response.status}`, fix, parameter } = error ?? {};
  throw new ApiFailure(response.status, code, message, fix, parameter);
}

export const api = createApiClient(send);
