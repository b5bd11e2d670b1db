import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { type LogRecord, type PlacedRecord, PROOF_HEADER, type RecordSigner } from '@telltale/streaming';
import { KEY_BYTES } from './master-key';

const PURPOSE = 'telltale.record.v1';

/**
 * HMAC-SHA256 with a key that is derived from the master key for this purpose only. What was signed with one of `otherMasterKeys` is signed,
 * too.
 */
export function createRecordSigner(masterKey: Buffer, otherMasterKeys: readonly Buffer[] = []): RecordSigner {
  const keyFrom = (master: Buffer): Buffer => Buffer.from(hkdfSync('sha256', master, '', PURPOSE, KEY_BYTES));
  const key = keyFrom(masterKey);
  const keys = [key, ...otherMasterKeys.map(keyFrom)];

  function proofOf(
    signingKey: Buffer,
    { topic, partition, key: recordKey, value }: Pick<PlacedRecord, 'topic' | 'partition' | 'key' | 'value'>,
  ): Buffer {
    const mac = createHmac('sha256', signingKey);
    // Lengths come first, so that no two records give the same bytes.
    for (const part of [topic, String(partition), recordKey, value]) {
      const bytes = part === null ? null : Buffer.from(part);
      mac.update(`${bytes?.length ?? 'none'}:`);
      if (bytes) mac.update(bytes);
    }
    return mac.digest();
  }

  return {
    sign: (record) => ({ ...record, headers: { ...record.headers, [PROOF_HEADER]: proofOf(key, record).toString('base64') } }),
    isSigned(record: LogRecord) {
      const given = Buffer.from(record.headers[PROOF_HEADER] ?? '', 'base64');
      return keys.some((one) => {
        const proof = proofOf(one, record);
        return given.length === proof.length && timingSafeEqual(given, proof);
      });
    },
  };
}
