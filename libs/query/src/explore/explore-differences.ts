import { falseDiscoveryRates, shareDifference, type ShareDifference } from '@telltale/domain-effect';
import { isoTime as isoTimeOf } from '@telltale/kernel';
import { z } from 'zod';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { timeParam, wholeNumberIn } from '../define/params';
import { count, isoTime } from '../define/row-fields';
import { SOURCES } from './explored-field';
import { exploredParams, exploredRows, filterText, RANGE } from './explored-rows';
import { termOf } from './filters/parse-filters';
import { type CountedValue, type CountedValues, countSides, countValues, selectionOf, type Sides } from './sides';
import { taggedFields } from './value-tags';

/** Share of false findings among the differences that are listed. */
const FALSE_DISCOVERY = 0.05;
const METHOD =
  'shares of the looked-at rows by sampling weight; certainty as if each side had as many rows as sessions, for turns of one session are not independent, and a value as many as sessions that have it at most: score test, or Fisher where few are expected, with a false discovery rate of 5 % (Benjamini and Hochberg) over every value that at least 5 sessions have';

const side = z.object({
  count: z.number().describe('How many turns or events: rows count by their sampling weight'),
  rows: count.describe('Rows of it'),
  looked_at: z.number().describe('How many the rows stand for whose values were counted'),
  sessions: count.describe('Sessions of these'),
  one_in: z.int().describe('1: all rows of the side were looked at; else one turn in so many'),
  turns: z.array(z.string()).describe('Ids of some turns of it'),
});
const difference = named(
  'ExploredDifference',
  z.object({
    field: z.string(),
    value: z.string(),
    filter: z.string().nullable().describe('The filter that finds it; null where none can be written'),
    selected_share: z.number().describe('Part of the selected that has it, 0 to 1'),
    rest_share: z.number(),
    difference: z.number().describe('Selected less rest'),
    low: z.number().describe('95 % interval of the difference'),
    high: z.number(),
    p: z.number().describe('Of this value by itself'),
    q: z.number().describe('False discovery rate among all values looked at'),
    turns: z.array(z.string()).describe('Ids of some selected turns that have it'),
  }),
);

interface Judged extends ShareDifference {
  readonly shares: readonly [selected: number, rest: number];
}

/** Whether a value differs between the sides: how much, by all rows; how surely, by the sessions that they are of. */
function judge({ selected, rest }: CountedValue, all: CountedValues, sides: Sides): Judged | null {
  const shares = [selected.weight / Math.max(1e-9, all.selected.weight), rest.weight / Math.max(1e-9, all.rest.weight)] as const;
  const [of, ofRest] = [all.selected.sessions * sides.selected.evenness, all.rest.sessions * sides.rest.evenness];
  const [has, hasRest] = [shares[0] * of, shares[1] * ofRest];
  const found = shareDifference({ has, of }, { has: hasRest, of: ofRest });
  if (!found) return null;
  // Many rows of few sessions say as much as the sessions.
  const [capped, cappedRest] = [Math.min(has, selected.sessions * sides.selected.evenness), Math.min(hasRest, rest.sessions * sides.rest.evenness)];
  const isMore = shares[0] > shares[1];
  const careful = isMore ? shareDifference({ has: capped, of }, { has: hasRest, of: ofRest }) : shareDifference({ has, of }, { has: cappedRest, of: ofRest });
  const isSame = careful !== null && careful.difference * (shares[0] - shares[1]) > 0;
  return { ...found, shares, p: isSame ? Math.max(found.p, careful.p) : 1 };
} // prettier-ignore

/** Of two values that mirror each other the one that the selection has more of comes first. */
const sizeOf = ({ difference: by }: { readonly difference: number }): number => Math.round(1e9 * Math.abs(by));

function rank(all: CountedValues, sides: Sides): z.infer<typeof difference>[] {
  const judged = all.values.flatMap((value) => {
    const found = judge(value, all, sides);
    return found ? [{ value, found }] : [];
  });
  // Values that differ less than all these were looked at, too.
  const others = new Array<number>(Math.max(0, all.valueCount - judged.length)).fill(1);
  const rates = falseDiscoveryRates([...judged.map(({ found }) => found.p), ...others]);
  return judged
    .map(({ value: { field, value, examples }, found }, i) => {
      const [selected, rest] = found.shares;
      return {
        field,
        value,
        filter: termOf(field, value),
        selected_share: selected,
        rest_share: rest,
        difference: selected - rest,
        low: found.low,
        high: found.high,
        p: found.p,
        q: rates[i] ?? 1,
        turns: [...examples],
      };
    })
    .filter(({ q }) => q <= FALSE_DISCOVERY)
    .sort((a, b) => sizeOf(b) - sizeOf(a) || b.difference - a.difference);
}

export const exploreDifferences = defineQuery({
  name: 'exploreDifferences',
  about: 'What tells the selected turns or events from the rest: values of every field by how much their share differs, with how sure that is.',
  tag: 'explore',
  scope: 'read',
  path: '/api/explore/differences',
  params: {
    ...exploredParams,
    selected: filterText('What is selected among them'),
    selected_since: timeParam('First moment of what is selected; since when left out').optional(),
    selected_until: timeParam('First moment after it; until when left out').optional(),
    limit: wholeNumberIn(1, 100, 'Most differences').default(30),
  },
  example: { where: 'service_name:shop', selected: 'duration_ms>2s', since: '6h' },
  answer: named(
    'ExploreDifferencesAnswer',
    z.object({
      of: z.enum(SOURCES),
      since: isoTime,
      until: isoTime,
      selected: side,
      rest: side.describe('Rows that the filters let through and that are not selected'),
      differences: z.array(difference).describe('Those that are sure, the greatest first'),
      left_out: count.describe('Differences beyond the limit'),
      values: count.describe('Values that were looked at'),
      fields: z.array(z.string()).describe('Fields that were looked at: all but those that the selection is made by'),
      method: z.string(),
    }),
  ),
  limits: { maxRows: 100, maxRangeMs: RANGE.maxMs },
  run: async ({ selected, selected_since, selected_until, limit, ...given }, { clock, rowsOf }) => {
    const now = clock.now();
    const rows = exploredRows(given, now);
    const selection = selectionOf(rows, { selected, selected_since, selected_until }, now);
    const fields = taggedFields(rows.source, new Set(selection.conditions.map(({ field }) => field.name)));
    const sides = await countSides(rows, selection, rowsOf);
    const all = await countValues(rows, selection, fields, sides, rowsOf);
    const sideOf = (which: 'selected' | 'rest') => ({
      rows: sides[which].rows,
      count: sides[which].count,
      looked_at: all[which].weight,
      sessions: all[which].sessions,
      one_in: all.oneIn[which],
      turns: [...all.examples[which]],
    });
    const differences = rank(all, sides);
    return {
      of: rows.source,
      since: isoTimeOf(rows.period.since),
      until: isoTimeOf(rows.period.until),
      selected: sideOf('selected'),
      rest: sideOf('rest'),
      differences: differences.slice(0, limit),
      left_out: Math.max(0, differences.length - limit),
      values: all.valueCount,
      fields: fields.map(({ name }) => name),
      method: METHOD,
    };
  },
}); // prettier-ignore
