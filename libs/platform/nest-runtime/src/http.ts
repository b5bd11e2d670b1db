import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestFactory } from '@nestjs/core';
import { type DynamicModule, type LoggerService, type Type } from '@nestjs/common';
import { errorCodeOf, messageOf } from '@telltale/kernel';
import { type Logger } from '@telltale/streaming';
import { type Server } from 'node:https';
import { type LiveCertificate } from './live-certificate';

/** Time-outs for receiving a request and its headers; there is no limit for the response. */
const REQUEST_TIMEOUT_MS = 60_000;
const HEADERS_TIMEOUT_MS = 10_000;
const HANDSHAKE_TIMEOUT_MS = 10_000;
const LOOK_MS = 1_000;
/** Of one part of a path, percent-encoded: ids of producers may be long. */
const MAX_PARAM_CHARS = 4_500;

/** What Nest has to say, as lines like all others. */
function nestLogger(logger: Logger): LoggerService {
  const error = (failure: unknown, ...rest: unknown[]): void => {
    const context = String(rest.at(-1) ?? '');
    // The application also throws the errors that it logs (e.g. a port in use), and they are reported once by the start.
    if (context === 'NestApplication') return;
    // A client that went away in the middle of a request is no fault of ours.
    if (errorCodeOf(failure) === 'ECONNRESET') return logger.debug('client_disconnected');
    logger.error('http_failed', { context, error: messageOf(failure) });
  };
  const nothing = (): void => undefined;
  return { log: nothing, warn: nothing, error, fatal: error };
}

interface HttpOptions {
  /** Absent: nothing is logged. */
  readonly logger?: Logger;
  readonly certificate?: LiveCertificate | null;
}

/** Controllers get bodies as bytes: the receiver interprets them, not a parser. With a certificate it serves HTTPS alone. */
export async function createHttpApp(
  module: Type | DynamicModule,
  maxBodyBytes: number,
  { logger, certificate }: HttpOptions = {},
): Promise<NestFastifyApplication> {
  const serverOptions = { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: LOOK_MS };
  const adapter = new FastifyAdapter({
    bodyLimit: maxBodyBytes,
    routerOptions: { maxParamLength: MAX_PARAM_CHARS },
    forceCloseConnections: true,
    requestTimeout: REQUEST_TIMEOUT_MS,
    ...(certificate
      ? { https: { ...serverOptions, ...certificate.first, handshakeTimeout: HANDSHAKE_TIMEOUT_MS } }
      : { http: serverOptions }),
  });
  const fastify = adapter.getInstance();
  certificate?.renewIn(fastify.server as unknown as Server);
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  return NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    logger: logger ? nestLogger(logger) : false,
    abortOnError: false,
  });
}
