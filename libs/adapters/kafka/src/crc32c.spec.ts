import * as fc from 'fast-check';
import { createRequire } from 'node:module';
import { crc32c } from './crc32c';

const ofClient = createRequire(__filename)('kafkajs/src/protocol/recordBatch/crc32C') as (bytes: Uint8Array) => number;

describe('CRC-32C', () => {
  it('is that of the check value in the catalog of parametrised CRC algorithms', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(0))).toBe(0);
  });

  it('of any bytes, and of any part of them, equals that of the client', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, from) => {
        const start = Math.min(from, bytes.length);
        expect(crc32c(bytes)).toBe(ofClient(bytes));
        expect(crc32c(bytes, start)).toBe(ofClient(bytes.subarray(start)));
      }),
    );
  });
});
