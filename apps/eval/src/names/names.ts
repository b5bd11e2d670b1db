import { findSpans } from '@telltale/domain-privacy';
import { createCorpus, type Group, type Half, type Planted } from './name-corpus';
import { findByCapitals } from './capital-pairs';

export interface NamesFigures {
  /** Of sentences and values that no rule was tuned with: spans found by group, and the share of masked characters that were planted. */
  readonly held_out: Readonly<Record<string, number>>;
  readonly tuned: Readonly<Record<string, number>>;
  /** The simplest rule, over the held-out half. */
  readonly capital_pairs: Readonly<Record<string, number>>;
  /** Held out, by script, and by culture of names in Latin letters. */
  readonly by_culture: Readonly<Record<string, { readonly spans: number; readonly recall: number }>>;
  readonly sentences: Readonly<Record<Half, number>>;
}

const BY_CULTURE: ReadonlySet<Group> = new Set(['free_text', 'script', 'script_later', 'no_cue']);

type Find = (text: string) => readonly { readonly start: number; readonly end: number }[];
/** A span counts as recalled when this share of its characters is masked. */
const ENOUGH = 0.9;
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

class Recall {
  private readonly counts = new Map<string, { spans: number; found: number }>();
  add(key: string, isFound: boolean): void {
    const count = this.counts.get(key) ?? { spans: 0, found: 0 };
    count.spans++;
    if (isFound) count.found++;
    this.counts.set(key, count);
  }
  entries(): [string, { spans: number; recall: number }][] {
    return [...this.counts].map(([key, { spans, found }]) => [key, { spans, recall: rounded(found / spans) }]);
  }
}

/** Masks with `find` and compares with what was planted. */
export function scoreNames(corpus: readonly Planted[], find: Find): { figures: Record<string, number>; byCulture: Recall } {
  const byGroup = new Recall();
  const byCulture = new Recall();
  let masked = 0;
  let right = 0;
  for (const { group, culture, text, spans } of corpus) {
    const isMasked = new Uint8Array(text.length);
    for (const { start, end } of find(text)) isMasked.fill(1, start, end);
    const sum = (from: number, to: number): number => isMasked.subarray(from, to).reduce((all, bit) => all + bit, 0);
    masked += sum(0, text.length);
    for (const { start, end } of spans) {
      const inside = sum(start, end);
      right += inside;
      byGroup.add(group, inside >= ENOUGH * (end - start));
      if (BY_CULTURE.has(group)) byCulture.add(culture, inside >= ENOUGH * (end - start));
    }
  }
  const recalls = byGroup.entries().map(([group, { recall }]) => [group, recall] as const);
  return { figures: { ...Object.fromEntries(recalls), char_precision: rounded(masked === 0 ? 1 : right / masked) }, byCulture };
}

/** Sentences made of templates and values, each halved into what rules were tuned with and what they never met. */
export function evaluateNames(): Promise<NamesFigures> {
  const find: Find = (text) => findSpans(text, 'prose');
  const [tuned, heldOut] = [createCorpus('tuned'), createCorpus('held_out')];
  const ours = scoreNames(heldOut, find);
  return Promise.resolve({
    held_out: ours.figures,
    tuned: scoreNames(tuned, find).figures,
    capital_pairs: scoreNames(heldOut, findByCapitals).figures,
    by_culture: Object.fromEntries(ours.byCulture.entries()),
    sentences: { tuned: tuned.length, held_out: heldOut.length },
  });
}
