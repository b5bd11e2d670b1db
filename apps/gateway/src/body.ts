import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Refusal } from './refusal';

const unzip = promisify(gunzip);
const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

export const tooLarge = (maxBytes: number): Refusal =>
  new Refusal('too_large', `the body is over ${maxBytes} bytes (after decompression); send fewer items a request`);

/** The body as the producer meant it, never larger than `maxBytes`. */
export async function decompress(body: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  if (body.length > maxBytes) throw tooLarge(maxBytes);
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity' || body.length === 0) return body;
  if (name !== 'gzip' && name !== 'x-gzip') throw new Refusal('unsupported', 'Content-Encoding must be gzip, or left out');
  try {
    return await unzip(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    throw new Refusal('undecodable', 'Content-Encoding says gzip, but the body is not gzip, or is cut off');
  }
}

/** The text of a JSON body, without its byte order mark. */
export function textOf(body: Buffer): string {
  if (!isUtf8(body)) throw new Refusal('undecodable', 'the body is not UTF-8; encode JSON as UTF-8');
  const text = body.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
