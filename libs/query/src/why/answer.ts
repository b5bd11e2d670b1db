import { confidenceOf } from '@telltale/domain-rootcause';
import { isoTime as isoTimeOf } from '@telltale/kernel';
import { z } from 'zod';
import { named, type RowsOf } from '../define/definition';
import { count, isoTime } from '../define/row-fields';
import { type Analysis } from './analyze';
import { type Evidence, evidenceOf } from './evidence';
import { MEASURES } from './subject';
import { headlineOf, reasonOf, sentenceOf } from './words';

const share = z.number().min(0).max(1);
const valueShape = { dimension: z.string().describe('What kind of attribute: tool, version, region'), value: z.string() };
const value = named('CauseValue', z.object(valueShape));
const change = named(
  'CauseChange',
  z.object({
    kind: z.string(),
    value: z.string(),
    at: isoTime,
    source: z.enum(['deploy', 'first_seen']).describe('A deploy mark, or the first turn with the value'),
    chance: share.describe('That a change of this kind lies as near to the onset by accident'),
  }),
);
const cause = named(
  'ProbableCause',
  z.object({
    sentence: z.string(),
    kind: z.enum(['values', 'mix', 'operation', 'everything']).describe('values: turns with these values got worse; mix: more turns have them; operation: one operation moved; everything: all turns alike'), // prettier-ignore
    values: z.array(value).describe('One, or two that explain only together'),
    operation: z.string().nullable().describe('Where in the turn it happens: kind and name of the operation'),
    confidence: share.nullable().describe('How often causes with such support were the planted one; null where that was not measured'),
    support: z
      .object({ margin: z.number(), explained: z.number(), change: z.number(), agreement: z.number(), place: count })
      .describe('What the confidence is made of: logarithm of how much better it explains than the next, explained share, evidence of its change, whether the operation that moved is its own, place'),
    explained_share: share.describe('Part of the bad turns beyond the usual that it explains'),
    lift: z.object({ ratio: z.number(), low: z.number(), high: z.number() }).nullable().describe('Bad share with it over that without it, and its 95 % interval'),
    turns: count.describe('Turns since the onset with it'),
    bad_turns: count.describe('Of these, the bad ones'),
    change: change.nullable().describe('The change near the onset that made it'),
    same_turns_as: z.array(value).describe('Values of the same turns, which nothing tells apart from it'),
    signs: z.array(value).describe('How it shows'),
    evidence: z.object({ bad: z.array(z.string()), good: z.array(z.string()) }).describe('turn_id of bad turns with it, and of good turns like them without it'),
  }),
); // prettier-ignore

const ruledOut = named('RuledOutCause', z.object({ ...valueShape, reason: z.string() }));
const moved = named(
  'MovedOperation',
  z.object({
    operation: z.string(),
    share: share.describe('Of what all operations added by themselves, without those they called'),
    deviations: z.number().describe('Robust standard deviations from what such a time had before'),
    before: z.number().nullable().describe('Milliseconds, share of failures, or calls a turn'),
    after: z.number().nullable(),
  }),
);

const period = named('WhyPeriod', z.object({ turns: count, bad_turns: count, turns_per_hour: z.number() }));

export const whyFields = {
  question: z.string().describe('What the question was understood to be'),
  answer: z.string().describe('The first cause in a sentence, or that there is none'),
  measure: z.enum(MEASURES).nullable().describe('What makes a turn bad; null where one turn or session is asked about'),
  threshold: z.number().nullable().describe('Beyond it a turn is bad; null where none is needed'),
  since: isoTime.nullable().describe('Start of the time that is compared with'),
  onset: isoTime.nullable().describe('When it began'),
  until: isoTime.nullable(),
  before: period.nullable(),
  after: period.nullable(),
  excess_bad_turns: z
    .number()
    .nullable()
    .describe('Bad turns since the onset beyond what the time before expects of these turns'),
  mix_share: share.nullable().describe('Part of the rise that follows from other turns being asked'),
  causes: z.array(cause),
  ruled_out: z.array(ruledOut),
  moved: z.array(moved),
  changes: z.array(change).describe('What changed near the onset'),
  looked_at_one_in: count.describe('One in so many turns was counted'),
  notes: z.array(z.string()),
};

export type WhyAnswer = z.infer<z.ZodObject<typeof whyFields>>;

const MAX_EVIDENCE = 3;
const MAX_MOVED = 5;
const rounded = (number: number, digits = 3): number => Number(number.toFixed(digits));
const clipped = (number: number): number => Math.max(0, Math.min(1, rounded(number)));
const NONE: Evidence = { bad: [], good: [] };
/** Measures for which planted cases were counted; see docs/ROOT-CAUSE.md. */
const MEASURED = new Set(['duration', 'errors', 'cost', 'unhelped', 'abandoned', 'retries']);

/** An analysis as it is answered. */
export async function answerOf(
  rowsOf: RowsOf,
  question: string,
  analysis: Analysis,
  notes: readonly string[],
): Promise<WhyAnswer> {
  const { subject, compared, asked, threshold, totals, diagnosis, changes, moved: movedOperations } = analysis;
  const isMeasured = MEASURED.has(subject.measure) && subject.direction === 'up' && diagnosis.hasBefore;
  const shownChange = ({ kind, value: of, at, source, chance }: (typeof changes)[number]) => ({ kind, value: of, at: isoTimeOf(at), source, chance: clipped(chance) }); // prettier-ignore
  const causes: WhyAnswer['causes'] = [];
  // One after another: a tenant's queries run one at a time, and those that wait take the places of other people.
  for (const [i, one] of diagnosis.causes.entries()) {
    const { bad, good } = i < MAX_EVIDENCE && subject.measure !== 'traffic' ? await evidenceOf(rowsOf, asked, one) : NONE;
    causes.push({
      sentence: sentenceOf(one, analysis),
      kind: one.kind,
      values: [...one.values],
      operation: one.operation,
      confidence: isMeasured ? rounded(confidenceOf(one.support), 2) : null,
      support: {
        ...one.support,
        margin: rounded(one.support.margin),
        explained: clipped(one.support.explained),
        change: rounded(one.support.change),
      },
      explained_share: clipped(one.explained),
      lift: one.lift && { ratio: rounded(one.lift.ratio), low: rounded(one.lift.low), high: rounded(one.lift.high) },
      turns: Math.round(one.inside.bad + one.inside.good),
      bad_turns: Math.round(one.inside.bad),
      change: one.change && shownChange(one.change),
      same_turns_as: [...one.same],
      signs: [...one.signs],
      evidence: { bad: [...bad], good: [...good] },
    });
  }
  const periodOf = ({ bad, good }: (typeof totals)['before'], ms: number) => ({
    turns: (bad + good) * asked.sampled,
    bad_turns: bad * asked.sampled,
    turns_per_hour: rounded(((bad + good) * asked.sampled * 3_600_000) / Math.max(1, ms), 1),
  });
  return {
    question,
    answer: headlineOf(analysis, causes[0]?.sentence),
    measure: subject.measure,
    threshold,
    since: isoTimeOf(compared.since),
    onset: isoTimeOf(compared.onset),
    until: isoTimeOf(compared.until),
    before: periodOf(totals.before, compared.onset - compared.since),
    after: periodOf(totals.after, compared.until - compared.onset),
    excess_bad_turns: rounded(diagnosis.excess * asked.sampled, 1),
    mix_share: clipped(diagnosis.mixShare),
    causes,
    ruled_out: diagnosis.ruledOut.map((one) => ({ ...one.value, reason: reasonOf(one) })),
    moved: movedOperations.slice(0, MAX_MOVED).map((one) => ({
      operation: one.id,
      share: clipped(one.share),
      deviations: rounded(one.deviations, 1),
      before: one.before === null ? null : rounded(one.before),
      after: one.after === null ? null : rounded(one.after),
    })),
    changes: changes.filter(({ evidence }) => evidence !== 0).map(shownChange),
    looked_at_one_in: asked.sampled,
    notes: [...notes, ...(diagnosis.hasBefore ? [] : ['too few turns before the onset to know what was usual: values are compared within the time since'])], // prettier-ignore
  };
}
