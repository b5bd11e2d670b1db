import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import { isPermanent, isTransient, messageOf } from '@telltale/kernel';
import { ApiError, type ErrorAnswer, errorBody, REFUSAL_STATUS } from '@telltale/query';
import { type FastifyReply } from 'fastify';
import { INSIGHTS, type InsightsDeps } from './deps';

const RETRY_AFTER_MS = 2_000;
const OVERLOADED = 429;
const UNAVAILABLE = 503;

interface Refusal {
  readonly status: number;
  readonly body: ErrorAnswer;
  readonly retryAfterMs?: number | undefined;
}

function refusalOf(error: unknown): Refusal | null {
  if (error instanceof ApiError) {
    return { status: REFUSAL_STATUS[error.code], body: errorBody(error), retryAfterMs: error.retryAfterMs };
  }
  if (error instanceof HttpException)
    return { status: error.getStatus(), body: { error: { code: 'http', message: error.message } } };
  if (isTransient(error))
    return { status: UNAVAILABLE, body: { error: { code: error.code, message: error.message, fix: 'try again' } } };
  if (isPermanent(error) && error.code === 'invalid')
    return { status: REFUSAL_STATUS.invalid, body: { error: { code: error.code, message: messageOf(error) } } };
  return null;
}

/** Whatever a route throws becomes `{error: {code, message, …}}`. */
@Catch()
export class ApiErrorFilter implements ExceptionFilter {
  constructor(@Inject(INSIGHTS) private readonly deps: InsightsDeps) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.raw.headersSent) return void reply.raw.end();
    const refusal = refusalOf(error);
    if (refusal) {
      const { status, retryAfterMs = RETRY_AFTER_MS } = refusal;
      if (status === OVERLOADED || status === UNAVAILABLE) reply.header('retry-after', String(Math.ceil(retryAfterMs / 1_000)));
      return void reply.code(status).send(refusal.body);
    }
    this.deps.logger.error('insights_request_failed', { error: error instanceof Error ? error.name : 'unknown' });
    reply.code(500).send({ error: { code: 'internal', message: 'this is a fault of ours; the log of the process names it' } });
  }
}
