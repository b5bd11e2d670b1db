import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import { isPermanent, isTransient, messageOf } from '@telltale/kernel';
import { type FastifyReply } from 'fastify';
import { INSIGHTS, type InsightsDeps } from './deps';

export interface ApiError {
  readonly code: string;
  readonly message: string;
  readonly parameter?: string;
  readonly fix?: string;
}

const RETRY_AFTER_SECONDS = '2';
const STATUS = { invalid: 400, unauthorized: 401, forbidden: 403, not_found: 404, too_large: 413, overloaded: 429 } as const;

/** An error people can act on: what is wrong, where, and what to do. */
export const apiError = (
  code: keyof typeof STATUS,
  message: string,
  more: { readonly parameter?: string; readonly fix?: string } = {},
): HttpException => new HttpException({ error: { code, message, ...more } satisfies ApiError }, STATUS[code]);

export const badParameter = (parameter: string, problem: string, fix: string): HttpException =>
  apiError('invalid', `${parameter}: ${problem}; ${fix}`, { parameter, fix });

/** Whatever a controller throws becomes `{error: {code, message, …}}`. */
@Catch()
export class ApiErrorFilter implements ExceptionFilter {
  constructor(@Inject(INSIGHTS) private readonly deps: InsightsDeps) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.raw.headersSent) return void reply.raw.end();
    if (error instanceof HttpException) {
      const body = error.getResponse();
      if (error.getStatus() === 429) reply.header('retry-after', RETRY_AFTER_SECONDS);
      const isOurs = typeof body === 'object' && 'error' in body && typeof body.error === 'object';
      return void reply.code(error.getStatus()).send(isOurs ? body : { error: { code: 'http', message: error.message } });
    }
    const message = messageOf(error);
    if (isTransient(error))
      return void reply
        .code(503)
        .header('retry-after', RETRY_AFTER_SECONDS)
        .send({ error: { code: error.code, message, fix: 'try again' } });
    if (isPermanent(error) && error.code === 'invalid')
      return void reply.code(400).send({ error: { code: error.code, message } });
    this.deps.logger.error('insights_request_failed', { error: error instanceof Error ? error.name : 'unknown' });
    reply.code(500).send({ error: { code: 'internal', message: 'this is a fault of ours; the log of the process names it' } });
  }
}
