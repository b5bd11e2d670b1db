import { ApiError, errorBody, REFUSAL_STATUS } from '@telltale/query';
import { type FastifyError, type FastifyInstance } from 'fastify';
import { DEFINED_PATHS } from './defined-paths';

/** The longest body is a list of dead letters to replay. */
const MAX_BODY_BYTES = 1024 * 1024;
const FIX = 'send less';

/** What the server itself refuses before a route sees it, in the words of all errors. */
function refusalOf({ statusCode, message }: FastifyError): ApiError {
  return statusCode === REFUSAL_STATUS.too_large
    ? new ApiError('too_large', `the body is larger than ${MAX_BODY_BYTES} bytes; ${FIX}`, { fix: FIX })
    : new ApiError('invalid', `body: cannot be read (${message}); send one JSON object`, { parameter: 'body' });
}

/** Bounds the bodies of the routes of questions and commands. Runs before they are registered. */
export function boundBodies(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (!DEFINED_PATHS.has(route.url)) return;
    route.bodyLimit = MAX_BODY_BYTES;
    route.errorHandler = (error, _request, reply) => {
      const refusal = refusalOf(error);
      void reply.code(REFUSAL_STATUS[refusal.code]).send(errorBody(refusal));
    };
  });
}
