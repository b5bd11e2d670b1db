import { createDice } from '@telltale/kernel';
import { CLEAN, CLEAN_PATTERNS } from './clean-sentences';
import * as templates from './name-templates';
import * as values from './name-values';
import { drawStructured } from './structured-values';

export type Group =
  'structured' | 'free_text' | 'lower_case' | 'organization' | 'zip' | 'script' | 'script_later' | 'no_cue' | 'clean';
/** Tuned: even templates with even values, which rules were developed with. Held out: odd with odd. */
export type Half = 'tuned' | 'held_out';

export interface Planted {
  readonly group: Group;
  /** The script, or the culture that names in Latin letters are of. */
  readonly culture: string;
  readonly text: string;
  readonly spans: readonly { readonly start: number; readonly end: number }[];
}

const ROUNDS = 12;
const SEED = 20;
const halfOf = <T>(all: readonly T[], half: Half): T[] => all.filter((_, i) => i % 2 === (half === 'tuned' ? 0 : 1));
const small = (text: string): string => text.toLowerCase();
const asIs = (text: string): string => text;
const ZIPS_OF_FIVE = values.ZIPS.filter((zip) => /^\d{5}$/.test(zip));

/** Draws the value of a slot from one half of all values. */
type DrawValue = (slot: string, culture: string) => string;

function createDrawValue(half: Half, uniform: () => number): DrawValue {
  const of = (all: readonly string[] = []): string => {
    const those = halfOf(all, half);
    return those[Math.floor(uniform() * those.length)] ?? '';
  };
  return (slot, culture) => {
    const latin = values.LATIN[culture];
    switch (slot) {
      case 'person':
        return latin ? `${of(latin.given)} ${of(latin.surnames)}` : of(values.SCRIPTS[culture]);
      case 'given':
        return of(latin?.given);
      case 'surname':
        return of(latin?.surnames);
      case 'org':
        return of(latin ? values.ORGANIZATIONS : values.SCRIPT_ORGANIZATIONS[culture]);
      case 'bare_org':
        return of(values.BARE_ORGANIZATIONS);
      case 'place':
        return of(values.PLACES);
      case 'street':
        return of(values.STREETS);
      case 'zip':
        return of(values.ZIPS);
      case 'zip5':
        return of(ZIPS_OF_FIVE);
      default:
        return drawStructured(slot, uniform);
    }
  };
}

/** The template with its slots filled; what fills one is a span. */
function plant(group: Group, culture: string, template: string, draw: DrawValue, cased: (text: string) => string): Planted {
  const spans: { start: number; end: number }[] = [];
  let text = '';
  for (const part of template.split(/(\{\w+\})/)) {
    const isSlot = part.startsWith('{');
    const put = isSlot ? cased(draw(part.slice(1, -1), culture)) : part;
    if (isSlot) spans.push({ start: text.length, end: text.length + put.length });
    text += put;
  }
  return { group, culture, text, spans };
}

/** The sentences of one half; the same in every run. */
export function createCorpus(half: Half): Planted[] {
  const draw = createDrawValue(half, createDice(half === 'tuned' ? SEED : SEED + 1).uniform);
  const cultures = Object.keys(values.LATIN);
  const out: Planted[] = [];
  let turn = 0;
  const add = (group: Group, texts: readonly string[], cased = asIs, script?: string): void => {
    for (const template of halfOf(texts, half)) {
      const culture = script ?? cultures[turn++ % cultures.length] ?? '';
      out.push(plant(group, culture, template, draw, cased));
    }
  };
  for (let round = 0; round < ROUNDS; round++) {
    // One more step, so that a template meets another culture in every round.
    turn++;
    add('free_text', templates.FREE_TEXT);
    add('lower_case', templates.LOWER_CASE, small);
    add('lower_case', templates.TYPED, small);
    add('organization', templates.ORGANIZATION);
    add('organization', templates.BARE_ORGANIZATION.map((text) => text.replace('{org}', '{bare_org}'))); // prettier-ignore
    add('zip', templates.ZIP);
    add('zip', templates.STATE_ZIP);
    add('structured', templates.STRUCTURED);
    for (const [script, texts] of Object.entries(templates.SCRIPT_TEMPLATES)) add('script', texts, asIs, script);
    for (const [script, texts] of Object.entries(templates.LATER_SCRIPTS)) add('script_later', texts, asIs, script);
    for (const [script, texts] of Object.entries(templates.NO_CUE)) add('no_cue', texts, asIs, script);
  }
  const addClean = (text: string): void => void out.push({ group: 'clean', culture: '', text, spans: [] });
  for (const { texts, items } of CLEAN_PATTERNS)
    for (const text of halfOf(texts, half)) for (const item of halfOf(items, half)) addClean(text.replace('{x}', item));
  halfOf(CLEAN, half).forEach(addClean);
  return out;
}
