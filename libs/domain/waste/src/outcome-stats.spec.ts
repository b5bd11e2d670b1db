import { cheaperAlternative, isAsGood, moreAnswered, type OutcomeStats } from './outcome-stats';

const stats = (turns: number, answered: number, nano = 1_000): OutcomeStats => ({
  turns,
  answered,
  priced: turns,
  nano: nano * turns,
});

describe('outcomes of two models', () => {
  // Newcombe 1998, table II, example (a): 56/70 and 48/80.
  it('differ by Newcombe’s interval', () => {
    const { by, low, high } = moreAnswered(stats(70, 56), stats(80, 48));
    expect([by, low, high].map((share) => Number(share.toFixed(4)))).toEqual([0.2, 0.0524, 0.3339]);
  });

  it.each([
    ['as good over many turns', stats(400, 380), stats(400, 380), true],
    ['as good, but few turns', stats(40, 38), stats(400, 380), false],
    ['as good so far, but far from certain', stats(60, 54), stats(60, 54), false],
    ['worse', stats(400, 300), stats(400, 380), false],
    ['better', stats(400, 399), stats(400, 300), true],
  ])('%s: %#', (_, one, other, isGood) => {
    expect(isAsGood(one, other)).toBe(isGood);
  });

  it('the cheapest of those as good is the alternative', () => {
    const others = [
      ['mini', stats(400, 382, 100)],
      ['nano', stats(400, 200, 10)],
      ['same', stats(400, 382, 900)],
      ['small', stats(400, 390, 300)],
    ] as const;
    expect(cheaperAlternative(stats(400, 380), others)).toMatchObject({ name: 'mini', costs: 0.1 });
    expect(cheaperAlternative(stats(400, 380), others.slice(1, 3))).toBeNull();
    expect(cheaperAlternative({ ...stats(400, 380), priced: 0, nano: 0 }, others)).toBeNull();
  });
});
