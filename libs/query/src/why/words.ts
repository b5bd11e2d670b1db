import { type Cause, type RuledOut, type Value } from '@telltale/domain-rootcause';
import { type Analysis } from './analyze';
import { BAD_TURNS } from './subject';

const NAMES: Partial<Record<Value['dimension'], string>> = {
  version: 'version',
  prompt_version: 'prompt version',
  flag: 'flag',
  user_cohort: 'users',
  dimension: '',
  prompt_length: 'prompts of',
  cache_share: 'input read from the cache:',
  since_deploy: 'turns after a deploy:',
  session_stage: '',
  fingerprint: 'error',
  template: 'log template',
};

export const percent = (share: number): string =>
  `${share > 0 && share < 0.01 ? (100 * share).toFixed(1) : Math.round(100 * share)} %`;

const wordOf = ({ dimension, value }: Value): string => `${NAMES[dimension] ?? dimension} ${value}`.trim();
const both = (values: readonly Value[]): string => values.map(wordOf).join(' together with ');

/** `tool refund: 62 % of its turns are slow, others 4 % (15 times, 11 to 20), 83 % of the rise`. */
export function sentenceOf(cause: Cause, { subject, totals }: Analysis): string {
  const bad = BAD_TURNS[subject.measure];
  const { kind, values, operation, explained, lift, inside, change, shares } = cause;
  const where = operation && !values.some(({ value }) => operation.endsWith(` ${value}`)) ? `, in ${operation}` : '';
  const share = `; explains ${percent(explained)} of the rise`;
  const begun = change ? `; ${change.source === 'deploy' ? 'deployed' : 'first seen'} ${new Date(change.at).toISOString().slice(0, 16).replace('T', ' ')} UTC` : ''; // prettier-ignore
  if (kind === 'mix')
    return `more turns with ${both(values)}, which always had more ${bad}: ${percent(shares.before)} → ${percent(shares.after)} of all turns${share}`;
  if (kind === 'operation') return `${operation ?? 'one operation'} moved in turns of all kinds${share}`;
  if (kind === 'everything') {
    const { before, after } = totals;
    const rate = ({ bad: some, good }: typeof before): string => percent(some / Math.max(1, some + good));
    return `turns of all kinds got worse alike (${rate(before)} → ${rate(after)} ${bad})${where}: the cause lies outside of what turns hold${share}`;
  }
  if (subject.measure === 'traffic') return `${both(values)}: ${percent(shares.before)} → ${percent(shares.after)} of all turns${begun}`; // prettier-ignore
  const times = lift ? ` (${figure(lift.ratio)} times, ${figure(lift.low)} to ${figure(lift.high)})` : '';
  const own = percent(inside.bad / Math.max(1, inside.bad + inside.good));
  return `${both(values)}${where}: ${own} of its turns are ${bad}${times}${share}${begun}`;
}

const figure = (value: number): string => (value >= 10 ? String(Math.round(value)) : value.toFixed(1));

const REASONS: Readonly<Record<RuledOut['why'], string>> = {
  explained_by_cause: 'its bad turns are those of the cause: nothing is left of it without them',
  little_evidence: 'too little sets it apart from other turns',
  after_onset: 'it began after the onset',
  unchanged: 'it changed near the onset, but its turns are no worse than others',
};
export const reasonOf = ({ why }: RuledOut): string => REASONS[why];

/** The first line of an answer. */
export function headlineOf({ subject, totals, diagnosis }: Analysis, first: string | undefined): string {
  const { before, after } = totals;
  const rate = ({ bad, good }: typeof before): string => percent(bad / Math.max(1, bad + good));
  const bad = BAD_TURNS[subject.measure];
  const all = after.bad + after.good;
  if (all === 0) return 'there are no such turns in this time';
  if (first === undefined)
    return `no cause found: ${rate(before)} → ${rate(after)} ${bad}${diagnosis.hasBefore ? ', and no value stands out' : ''}`;
  return subject.measure === 'traffic' ? first : `${rate(before)} → ${rate(after)} ${bad}: ${first}`;
}
