/** Codes of refusals, with the HTTP status of each. */
export const REFUSAL_STATUS = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  too_large: 413,
  overloaded: 429,
  rate_limited: 429,
} as const;
export type RefusalCode = keyof typeof REFUSAL_STATUS;

/** An error people can act on: what is wrong, where, and what to do. Never holds content. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** Name of the parameter or field that is wrong, dotted where it is nested. */
  readonly parameter: string | undefined;
  readonly fix: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly code: RefusalCode,
    message: string,
    { parameter, fix, retryAfterMs }: { readonly parameter?: string; readonly fix?: string; readonly retryAfterMs?: number } = {},
  ) {
    super(message);
    this.parameter = parameter;
    this.fix = fix;
    this.retryAfterMs = retryAfterMs;
  }
}

export const badParameter = (parameter: string, problem: string, fix: string): ApiError =>
  new ApiError('invalid', `${parameter}: ${problem}; ${fix}`, { parameter, fix });
