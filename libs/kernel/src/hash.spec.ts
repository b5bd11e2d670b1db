import { createHash } from 'node:crypto';
import { fnv1a, hashId, partitionOf } from './hash';

describe('hashes', () => {
  // Published with the algorithm.
  it.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ])('fnv1a of %j is that of its specification', (text, sum) => {
    expect(fnv1a(text)).toBe(sum);
  });

  it('an id is the beginning of the SHA-256 of its parts, which a byte keeps apart', () => {
    expect(hashId(20, 'acme', 7)).toBe(createHash('sha256').update('acme\u00007').digest('hex').slice(0, 20));
    expect(hashId(16, 'ab', 'c')).not.toBe(hashId(16, 'a', 'bc'));
  });

  it('a key has one partition, below their number; where there is one or none it is the first', () => {
    expect(partitionOf('foobar', 7)).toBe(0xbf9cf968 % 7);
    expect(['a', 'foobar'].flatMap((key) => [1, 0, -1].map((partitions) => partitionOf(key, partitions)))).toEqual([0, 0, 0, 0, 0, 0]); // prettier-ignore
    expect(new Set(Array.from({ length: 200 }, (_, i) => partitionOf(`k${i}`, 2)))).toEqual(new Set([0, 1]));
  });
});
