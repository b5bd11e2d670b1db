import {
  type Change,
  type Counts,
  diagnose,
  type Diagnosis,
  localize,
  type Moved,
  newValues,
  type Pattern,
  screenValues,
  type Value,
  type WeighedChange,
  weighChanges,
  withOperation,
} from '@telltale/domain-rootcause';
import { type RowsOf } from '../define/definition';
import { type Asked, operationsIn, readOperationWindows, readPatterns, readTotals, readValues, type Totals } from './read-turns';
import { type Subject } from './subject';
import { thresholdOf } from './threshold';
import { type Compared, samplingOf } from './turn-rows';
import { comparedFrom, onsetBetween } from './compare';

export interface Analysis {
  readonly subject: Subject;
  readonly compared: Compared;
  readonly asked: Asked;
  /** Beyond it a turn is bad; null where none is needed. */
  readonly threshold: number | null;
  readonly totals: Totals;
  readonly diagnosis: Diagnosis;
  readonly changes: readonly WeighedChange[];
  readonly moved: readonly Moved[];
}

/** Ages of the last deploy that turns are told apart by. */
const SINCE_DEPLOY = ['under 15 min', 'under 1 h', 'under 6 h', 'under 1 d', 'over 1 d'];
const total = ({ bad, good }: Counts): number => bad + good;

/** Of traffic: turns since the onset against those before, by how long each period is. */
function asTraffic(patterns: readonly Pattern[], { since, onset, until }: Compared, isUp: boolean): Pattern[] {
  const scale = (until - onset) / Math.max(1, onset - since);
  return patterns.map(({ has, before, after }) => {
    const [was, is] = [total(before) * scale, total(after)];
    return { has, before: { bad: 0, good: 0 }, after: isUp ? { bad: is, good: was } : { bad: was, good: is } };
  });
}

async function readMoved(rowsOf: RowsOf, asked: Asked): Promise<Moved[]> {
  const { measure, scope, direction } = asked.subject;
  let read: ReturnType<typeof readOperationWindows> | undefined;
  const of = async (what: 'time' | 'failures' | 'calls', target?: string): Promise<Moved[]> => {
    const { components, edges } = operationsIn(await (read ??= readOperationWindows(rowsOf, asked)), what);
    return localize(components, edges, { target, areShares: what === 'failures' }).filter(({ own }) => own > 0);
  };
  if (direction === 'down' || measure === 'traffic' || measure === 'cache') return [];
  const failures = ['errors', 'unhelped', 'abandoned', 'retries', 'calls', 'cost', 'tokens'].includes(measure)
    ? await of('failures', scope.operation)
    : [];
  // What fails is called again: its callers' extra calls are the consequence.
  if (failures[0] && failures[0].deviations >= 4) return failures;
  if (measure === 'duration' || measure === 'first_token') {
    const time = await of('time', scope.operation);
    return time[0] && time[0].deviations >= 4 ? time : [...time, ...(await of('failures', scope.operation))];
  }
  return ['calls', 'cost', 'tokens', 'retries'].includes(measure) ? of('calls') : failures;
}

/** Of what separates turns, what moved within them and what changed. */
async function analyzeOnce(rowsOf: RowsOf, subject: Subject, compared: Compared, marks: readonly Change[], leastGain: number | undefined): Promise<Analysis> {
  const sampled = await samplingOf(rowsOf, subject, compared);
  const isTraffic = subject.measure === 'traffic';
  const { bad, value: threshold } = isTraffic ? { bad: '0', value: null } : await thresholdOf(rowsOf, subject, compared, sampled);
  const first: Asked = { subject, compared, bad, sampled, deploys: [] };
  const totals = await readTotals(rowsOf, first);
  const values = await readValues(rowsOf, first, totals);
  const began = newValues(values, compared);
  const isMarked = ({ kind, value }: Change): boolean => marks.some((mark) => mark.kind === kind && mark.value === value);
  const changes = weighChanges([...marks, ...began.filter((change) => !isMarked(change))], compared.onset, compared.until - compared.since);
  const deploys = changes.filter(({ kind }) => kind === 'version').map(({ at }) => at);
  const asked: Asked = { ...first, deploys };
  const near = changes.filter(({ evidence }) => evidence > 0);
  const always = near.flatMap(({ kind, value }): Value[] => (kind === 'other' ? [] : [{ dimension: kind, value }]));
  const ages = deploys.length > 0 ? SINCE_DEPLOY.map((value): Value => ({ dimension: 'since_deploy', value })) : [];
  const chosen = isTraffic
    ? screenValues(values.map(({ dimension, value, before, after }) => ({ dimension, value, before: { bad: 0, good: 0 }, after: { bad: total(after), good: total(before) } })), { bad: 0, good: 0 }, { bad: total(totals.after), good: total(totals.before) }, always)
    : [...screenValues(values, totals.before, totals.after, always).slice(0, 50), ...ages];
  const turns = total(totals.before) + total(totals.after);
  const [read, moved] = [await readPatterns(rowsOf, asked, chosen, turns), await readMoved(rowsOf, asked)];
  const patterns = isTraffic ? asTraffic(read, compared, subject.direction === 'up') : read;
  const diagnosis = diagnose({ values: chosen, patterns, changes, moved, ...(leastGain !== undefined && { leastGain }) });
  return { subject, compared, asked, threshold, totals, diagnosis, changes, moved };
} // prettier-ignore

/** Log-likelihood that a cause gains where no step was found: somebody says that something is wrong, nothing else does. */
const WITHOUT_STEP = 12;
/** An operation that did this part of what was added, this surely, is looked into. */
const FOCUS_SHARE = 0.7;
const FOCUS_DEVIATIONS = 6;
const FOCUSED: readonly Subject['measure'][] = ['duration', 'errors', 'retries'];

/** The same question of one operation; null where none stands out. */
function focusOf({ subject, moved }: Analysis): Subject | null {
  const [first] = moved;
  if (!first || subject.scope.operation !== undefined || subject.direction === 'down' || !FOCUSED.includes(subject.measure))
    return null;
  if (first.share < FOCUS_SHARE || first.deviations < FOCUS_DEVIATIONS) return null;
  const measure = subject.measure === 'retries' ? 'errors' : subject.measure;
  return { ...subject, measure, scope: { ...subject.scope, operation: first.id } };
}

/**
 * Why turns got worse from the onset on. Where one operation did most of it, its own time or failures tell sooner than those of whole turns which
 * of its calls got worse, and when.
 */
export async function analyze(
  rowsOf: RowsOf,
  subject: Subject,
  compared: Compared,
  marks: readonly Change[],
  hasStep: boolean,
): Promise<Analysis> {
  const leastGain = hasStep ? undefined : WITHOUT_STEP;
  const whole = await analyzeOnce(rowsOf, subject, compared, marks, leastGain);
  const focus = focusOf(whole);
  const operation = focus?.scope.operation;
  if (!focus || operation === undefined) return whole;
  const step = await onsetBetween(rowsOf, focus, compared.since, compared.until);
  const again = step === null ? compared : comparedFrom(step, compared.until);
  const inside = await analyzeOnce(rowsOf, focus, again, marks, step === null ? WITHOUT_STEP : undefined);
  return inside.diagnosis.causes.length === 0 ? whole : { ...whole, compared: again, changes: inside.changes, moved: inside.moved, diagnosis: withOperation(inside.diagnosis, operation, whole.diagnosis) }; // prettier-ignore
}
