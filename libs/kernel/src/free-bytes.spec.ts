import { freeBytes } from './free-bytes';

const canFree = 'transfer' in ArrayBuffer.prototype;

describe('bytes that are freed', () => {
  it('are empty, where Node can free them', () => {
    const bytes = Buffer.alloc(100_000, 1);
    freeBytes(bytes);
    expect(bytes.length).toBe(canFree ? 0 : 100_000);
    expect(() => freeBytes(bytes)).not.toThrow();
  });

  it('are left alone when they are part of others, or small', () => {
    const whole = Buffer.alloc(100_000, 1);
    freeBytes(whole.subarray(1));
    freeBytes(whole.subarray(0, 50_000));
    const small = Buffer.from('small');
    freeBytes(small);
    expect([whole.length, whole[99_999], String(small)]).toEqual([100_000, 1, 'small']);
  });
});
