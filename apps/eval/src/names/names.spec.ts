import { findByCapitals } from './capital-pairs';
import { createCorpus } from './name-corpus';
import { evaluateNames, scoreNames } from './names';

describe('the sentences', () => {
  it('are the same in every run, and fill every slot', () => {
    const corpus = createCorpus('tuned');
    expect(createCorpus('tuned')).toEqual(corpus);
    for (const { text, spans } of corpus) {
      expect(text).not.toMatch(/\{\w+\}/);
      for (const { start, end } of spans) expect(end).toBeGreaterThan(start);
    }
  });
  it('of both halves have no template and no listed value in common', () => {
    const patterns = (half: 'tuned' | 'held_out') =>
      new Set(createCorpus(half).flatMap(({ text, spans }) => (spans.length === 0 ? [text] : [])));
    const heldOut = patterns('held_out');
    expect([...patterns('tuned')].filter((text) => heldOut.has(text))).toEqual([]);
  });
});

describe('the score', () => {
  const sentence = (group: 'free_text' | 'clean', text: string, value = '') => ({
    group,
    culture: 'english',
    text,
    spans: value === '' ? [] : [{ start: text.indexOf(value), end: text.indexOf(value) + value.length }],
  });
  it('counts spans by group, and masked characters that were planted', () => {
    const corpus = [
      sentence('free_text', 'ask Amelia Ashcroft', 'Amelia Ashcroft'),
      sentence('free_text', 'ask amelia', 'amelia'),
      sentence('clean', 'the Yoga Mat'),
    ];
    const { figures, byCulture } = scoreNames(corpus, findByCapitals);
    expect(figures).toEqual({ free_text: 0.5, char_precision: 0.6522 });
    expect(byCulture.entries()).toEqual([['english', { spans: 2, recall: 0.5 }]]);
  });
  it('holds the goals on both halves, and is above the simplest rule everywhere', async () => {
    const goals = { structured: 0.99, free_text: 0.85, lower_case: 0.6, organization: 0.8, zip: 0.95, script: 0.9, char_precision: 0.96 }; // prettier-ignore
    const { held_out: heldOut, tuned, capital_pairs: peer, sentences } = await evaluateNames();
    expect(sentences.held_out).toBeGreaterThan(1_000);
    for (const [figure, goal] of Object.entries(goals)) {
      expect(heldOut[figure]).toBeGreaterThanOrEqual(goal);
      expect(tuned[figure]).toBeGreaterThanOrEqual(goal);
      expect(heldOut[figure]).toBeGreaterThan(peer[figure] ?? 0);
    }
  });
});
