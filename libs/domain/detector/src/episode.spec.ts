import { type Evidence } from './evidence';
import { followEpisode, isAnother, openEpisode } from './episode';

const WINDOW_MS = 10_000;
const evidence = (value: number, change: Partial<Evidence> = {}): Evidence => ({
  channel: 'value', logP: Math.log(1e-9), logAnHour: Math.log(360), direction: 1, isLarge: true, value, expected: 20, low: 15, high: 25, restsOn: 8, seen: 10_000, ...change,
}); // prettier-ignore

/** What becomes of an episode that stays at `value` for so many windows. */
function follow(opening: Evidence, value: number, windows: number) {
  let [episode, edge] = [openEpisode(opening, 0), 'none'];
  let took = 0;
  while (took < windows && edge === 'none') {
    took++;
    ({ episode, edge } = followEpisode(episode, evidence(value), took * WINDOW_MS));
  }
  return { edge, took, episode };
}

describe('a deviation that lasts', () => {
  it.each([
    ['is accepted as normal after a day where much was known before', 10_000, 8_640, 'acceptedAsNormal'],
    ['is accepted after three times what the series was known for', 100, 299, 'acceptedAsNormal'],
    ['is not accepted at once where next to nothing was known', 1, 29, 'acceptedAsNormal'],
  ])('%s', (_what, seen, took, edge) => {
    expect(follow(evidence(40, { seen }), 40, 10_000)).toMatchObject({ edge, took });
  });
  it('ends after three windows that are as usual', () =>
    expect(follow(evidence(40), 20, 10)).toMatchObject({ edge: 'closed', took: 3 }));
});

describe('a deviation within one that is open', () => {
  const settled = follow(evidence(40), 40, 40).episode;
  const accepted = Math.log(0.1);
  it.each<[string, Evidence, boolean]>([
    ['three times as far', evidence(80), true],
    ['not as far', evidence(79), false],
    ['on the other side', evidence(-60, { direction: -1 }), false],
    ['no longer rare, for the series has been like that since', evidence(80, { logP: Math.log(0.5) }), false],
    ['not large', evidence(80, { isLarge: false }), false],
  ])('%s: another one: %s', (_what, next, is) => expect(isAnother(settled, next, accepted)).toBe(is));
  it('is part of it while that one has only begun', () =>
    expect(isAnother(follow(evidence(40), 40, 5).episode, evidence(80), accepted)).toBe(false));
});
