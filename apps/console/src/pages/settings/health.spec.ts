import { healthOf } from './health';

const tried = (status: 'delivered' | 'retrying' | 'failed', reason = 'firing') => ({ receiver: 'ops', reason, status, at: '2026-11-29T12:00:00Z', error: '' }); // prettier-ignore

describe('a receiver', () => {
  it.each([
    ['that was never tried', [], 'warn', /Never tried/],
    ['that never delivered', [tried('failed'), tried('failed')], 'bad', /Never delivered/],
    ['that is tried for the first time', [tried('retrying')], 'bad', /Never delivered/],
    ['that failed last', [tried('failed'), tried('delivered')], 'bad', /Fails/],
    ['that is tried again', [tried('retrying'), tried('delivered')], 'warn', /tried again/],
    ['that took a test alone', [tried('delivered', 'test')], 'good', /no alert yet/],
    ['that delivers', [tried('delivered'), tried('failed')], 'good', /Delivers/],
  ])('%s', (_what, tries, tone, words) => {
    expect(healthOf(tries)).toMatchObject({ tone, words: expect.stringMatching(words) as string });
  });
});
