import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type ConsoleFile } from './console-files';

/** Pages of the console: each is the same document, which shows what its address says. */
const PAGES = ['explore', 'costs', 'dashboards', 'detection', 'flows', 'incidents', 'parts', 'sessions', 'settings', 'tail', 'turns', 'verbosity']; // prettier-ignore
const PATHS = ['/', ...PAGES.flatMap((page) => [`/${page}`, `/${page}/*`])];
const INDEX = '/index.html';

/** Its own scripts, styles and API and nothing else; no page may frame it. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  vary: 'accept-encoding',
} as const;

function sendFile(
  { type, plain, zipped, etag, isFixed }: ConsoleFile,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const cacheControl = isFixed ? 'public, max-age=31536000, immutable' : 'no-cache';
  void reply.headers({ ...HEADERS, 'content-type': type, 'cache-control': cacheControl, etag });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  return takesGzip ? reply.header('content-encoding', 'gzip').send(zipped()) : reply.send(plain);
}

/** Serves the console beside the API; where it was not built there are no pages. */
export function serveConsole(fastify: FastifyInstance, files: ReadonlyMap<string, ConsoleFile>): void {
  const index = files.get(INDEX);
  if (!index) return;
  for (const [path, file] of files) if (path !== INDEX) fastify.get(path, (request, reply) => sendFile(file, request, reply));
  for (const path of PATHS) fastify.get(path, (request, reply) => sendFile(index, request, reply));
}
