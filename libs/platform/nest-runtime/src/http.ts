import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestFactory } from '@nestjs/core';
import { ConsoleLogger, type Type, type DynamicModule } from '@nestjs/common';

/** A request must be there whole by then, its headers sooner; what a route answers may take as long as it likes. */
const REQUEST_TIMEOUT_MS = 60_000;
const HEADERS_TIMEOUT_MS = 10_000;
const LOOK_MS = 1_000;
/** Of one part of a path, percent-encoded: ids of producers may be long. */
const MAX_PARAM_CHARS = 4_500;

/** What the application itself logs (a port that is in use) it also throws, and the start says it once. */
class QuietLogger extends ConsoleLogger {
  override error(message: unknown, ...rest: unknown[]): void {
    if (rest.at(-1) !== 'NestApplication') super.error(message, ...rest);
  }
}

/** Bodies reach controllers as bytes: what they are is the business of the receiver, not of a parser in front of it. */
export async function createHttpApp(module: Type | DynamicModule, maxBodyBytes: number): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: maxBodyBytes,
    routerOptions: { maxParamLength: MAX_PARAM_CHARS },
    forceCloseConnections: true,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: LOOK_MS },
  });
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  return NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    logger: new QuietLogger({ logLevels: ['error', 'fatal'] }),
    abortOnError: false,
  });
}
