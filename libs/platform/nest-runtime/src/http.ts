import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestFactory } from '@nestjs/core';
import { type Type, type DynamicModule } from '@nestjs/common';

/** Bodies reach controllers as bytes: what they are is the business of the door, not of a parser in front of it. */
export async function createHttpApp(module: Type | DynamicModule, maxBodyBytes: number): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({ bodyLimit: maxBodyBytes, forceCloseConnections: true });
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  return NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    logger: ['error', 'fatal'],
    abortOnError: false,
  });
}
