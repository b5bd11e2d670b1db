import { constants, type IncomingHttpHeaders, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { IngestError } from './ingest-error';

/** gRPC over HTTP/2, as far as unary calls need it: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md */
const PREFIX_BYTES = 5;

export interface GrpcStatus {
  readonly code: number;
  readonly message: string;
  /** google.rpc.Status with details. */
  readonly details?: Buffer;
}

/** The one message of a call, out of its frame, with the compression it has. */
export function messageIn(body: Buffer, headers: IncomingHttpHeaders): { readonly bytes: Buffer; readonly encoding: string } {
  if (body.length < PREFIX_BYTES || body.readUInt32BE(1) !== body.length - PREFIX_BYTES)
    throw new IngestError(
      'undecodable',
      'a call must hold one message: a byte for compression, four for its length, the message',
    );
  const compressed = body[0] === 1;
  const encoding = compressed ? String(headers['grpc-encoding'] ?? 'identity') : '';
  if (encoding !== '' && encoding !== 'identity' && encoding !== 'gzip')
    throw new IngestError('unimplemented', 'grpc-encoding must be gzip, or left out');
  return { bytes: body.subarray(PREFIX_BYTES), encoding };
}

const RESPONSE: OutgoingHttpHeaders = {
  ':status': 200,
  'content-type': 'application/grpc',
  'grpc-accept-encoding': 'identity,gzip',
};

export function respond(stream: ServerHttp2Stream, message: Buffer): void {
  if (stream.closed || stream.destroyed) return;
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.length, 1);
  stream.respond(RESPONSE, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(Buffer.concat([prefix, message]));
}

/** Everything but visible ASCII is written as percent and hex of its UTF-8 bytes, and so is the percent sign. */
const encodeMessage = (text: string): string => text.replace(/[^ -$&-~]+/gu, encodeURIComponent);

/** Ends a call without a message; what the client still sends is not wanted. */
export function refuse(stream: ServerHttp2Stream, { code, message, details }: GrpcStatus): void {
  if (stream.closed || stream.destroyed) return;
  stream.respond(
    {
      ...RESPONSE,
      'grpc-status': String(code),
      'grpc-message': encodeMessage(message),
      ...(details ? { 'grpc-status-details-bin': details.toString('base64') } : {}),
    },
    { endStream: true },
  );
  // In the next turn of the event loop: since Node 22 a stream that is closed at once is reset before its headers have gone out.
  setImmediate(() => stream.close(constants.NGHTTP2_NO_ERROR));
}
