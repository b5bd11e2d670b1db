import { HOUR_MS } from '@telltale/kernel';
import { type Figures, figuresOf, sentenceOf } from './figures';

const none = figuresOf(undefined);
const of = (some: Partial<Figures>): Figures => ({ ...none, ...some });

describe('the sentence of how bots are', () => {
  it.each<[string, Figures, Figures, number, string]>([
    ['nothing at all', none, none, 0, 'No turn in the last 60 minutes.'],
    ['silence', none, of({ turns: 1_200 }), 0, 'No turn in the last 60 minutes; there were 1,200 in those before.'],
    ['one turn of which nothing is known', of({ turns: 1 }), none, 0, '1 turn in the last 60 minutes; how they ended is not known.'],
    ['no comparison with a few turns', of({ turns: 9, known_turns: 8, unhelped_turns: 1 }), of({ turns: 29, known_turns: 29 }), 0, '9 turns in the last 60 minutes; 13 % ended without what was asked for.'],
    ['the hour before', of({ turns: 90, known_turns: 90, unhelped_turns: 9 }), of({ turns: 30, known_turns: 30, unhelped_turns: 1 }), 0, '90 turns in the last 60 minutes; 10 % ended without what was asked for, 3.3 % before.'],
    ['an incident first', none, none, 1, '1 incident is open. No turn in the last 60 minutes.'],
    ['incidents first', none, none, 1_002, '1,002 incidents are open. No turn in the last 60 minutes.'],
  ])('says %s', (_, now, before, open, said) => expect(sentenceOf(now, before, HOUR_MS, open)).toBe(said)); // prettier-ignore

  it('counts long spans in hours', () => expect(sentenceOf(none, none, 6 * HOUR_MS, 0)).toBe('No turn in the last 6 hours.'));
});
