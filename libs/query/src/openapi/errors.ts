import { type ErrorCode } from '@telltale/kernel';
import { z } from 'zod';
import { type ApiError, REFUSAL_STATUS, type RefusalCode } from '../define/api-error';
import { named } from '../define/definition';

/** What the store and the log say, as far as no refusal says it. */
const FAILURES = [
  'unavailable',
  'timeout',
  'disk_full',
  'log_full',
  'fenced',
  'rejected',
  'undecodable',
  'config',
  'aborted',
] as const satisfies readonly ErrorCode[];
const REFUSALS = Object.keys(REFUSAL_STATUS) as [RefusalCode, ...RefusalCode[]];

export const errorAnswer = named(
  'Error',
  z.object({
    error: z.object({
      code: z.enum([...REFUSALS, ...FAILURES, 'http', 'internal']),
      message: z.string().describe('What is wrong, and the fix; never holds content'),
      parameter: z.string().optional().describe('The parameter or field that is wrong'),
      fix: z.string().optional().describe('What to do'),
    }),
  }),
);
export type ErrorAnswer = z.infer<typeof errorAnswer>;

/** What the HTTP server itself answers to a request that it cannot read as one. */
export const serverRefusal = named('ServerRefusal', z.object({ error: z.string(), message: z.string(), statusCode: z.int() }));

/** The body of a refusal. */
export const errorBody = ({ code, message, parameter, fix }: ApiError): ErrorAnswer => ({
  error: { code, message, ...(parameter === undefined ? {} : { parameter }), ...(fix === undefined ? {} : { fix }) },
});

interface ErrorSpec {
  readonly about: string;
  readonly example: ErrorAnswer['error'];
  readonly isRetried?: true;
}

/** Every status that is not a success, with an example. */
export const ERRORS = {
  400: {
    about: 'A parameter is wrong',
    example: {
      code: 'invalid',
      message: 'limit: is out of range; give a whole number from 1 to 1000',
      parameter: 'limit',
      fix: 'give a whole number from 1 to 1000',
    },
  },
  401: {
    about: 'There is no API key, or it is not known',
    example: { code: 'unauthorized', message: 'unknown API key; send Authorization: Bearer <key> or x-telltale-key', fix: 'send Authorization: Bearer <key> or x-telltale-key' }, // prettier-ignore
  },
  403: {
    about: 'The API key lacks the scope',
    example: { code: 'forbidden', message: 'this API key lacks the scope control: it has read; use another key', fix: 'use another key' }, // prettier-ignore
  },
  404: { about: 'It is not there', example: { code: 'not_found', message: 'there is no session of this id', fix: 'GET /api/sessions lists them' } }, // prettier-ignore
  413: { about: 'The body is too large', example: { code: 'too_large', message: 'the body is larger than 1048576 bytes; send less', fix: 'send less' } }, // prettier-ignore
  429: {
    about: 'Too much is asked at the same time, or by one API key',
    example: { code: 'overloaded', message: 'too many queries run and wait now; wait until an earlier query has ended, and try again', fix: 'wait until an earlier query has ended, and try again' }, // prettier-ignore
    isRetried: true,
  },
  503: {
    about: 'The tables or the log cannot be reached',
    example: { code: 'unavailable', message: 'the store cannot be reached', fix: 'try again' },
    isRetried: true,
  },
} as const satisfies Readonly<Record<number, ErrorSpec>>;
export type ErrorStatus = keyof typeof ERRORS;

export const errorSpec = (status: ErrorStatus): ErrorSpec => ERRORS[status];
