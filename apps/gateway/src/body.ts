import { isUtf8 } from 'node:buffer';
import { createGunzip } from 'node:zlib';
import { type GatewayLimits } from './deps';
import { type Hold } from './inflight';
import { IngestError } from './ingest-error';

const CHUNK_BYTES = 64 * 1024;
/** A body may inflate to this much, whatever its ratio. */
const FREE_BYTES = 1024 * 1024;

export const tooLarge = (maxBytes: number): IngestError =>
  new IngestError('too_large', `the body is over ${maxBytes} bytes (after decompression); send fewer items a request`);

/** Inflates in chunks and reserves memory for each chunk first; stops at the first byte over the limit. */
async function inflate(body: Buffer, maxBytes: number, maxInflation: number, hold: Hold): Promise<Buffer> {
  const allowed = Math.min(maxBytes, Math.max(FREE_BYTES, body.length * maxInflation));
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const pieces: Buffer[] = [];
  let size = 0;
  hold.grow(Math.min(CHUNK_BYTES, allowed));
  try {
    gunzip.end(body);
    for await (const piece of gunzip as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      if (size > allowed)
        throw new IngestError(
          'too_large',
          `the body inflates to over ${maxInflation} times its size; send it with less compression`,
        );
      hold.grow(piece.length);
      pieces.push(piece);
    }
  } catch (error) {
    if (error instanceof IngestError) throw error;
    throw new IngestError('undecodable', 'Content-Encoding says gzip, but the body is not gzip, or is cut off');
  } finally {
    gunzip.destroy();
  }
  return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces, size);
}

/** The body as the producer meant it, never larger than `maxBodyBytes`. */
export async function decompress(
  body: Buffer,
  encoding: string,
  { maxBodyBytes, maxInflation }: Pick<GatewayLimits, 'maxBodyBytes' | 'maxInflation'>,
  hold: Hold,
): Promise<Buffer> {
  if (body.length > maxBodyBytes) throw tooLarge(maxBodyBytes);
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity' || body.length === 0) return body;
  if (name !== 'gzip' && name !== 'x-gzip') throw new IngestError('unsupported', 'Content-Encoding must be gzip, or left out');
  return inflate(body, maxBodyBytes, maxInflation, hold);
}

/** The text of a JSON body, without its byte order mark. */
export function textOf(body: Buffer): string {
  if (!isUtf8(body)) throw new IngestError('undecodable', 'the body is not UTF-8; encode JSON as UTF-8');
  const text = body.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
