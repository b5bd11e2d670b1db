import { DAY_MS, HOUR_MS } from '@telltale/kernel';
import { z } from 'zod';
import { ApiError, badParameter } from '../define/api-error';
import { named, type RowsOf } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { momentOf, text, timeParam } from '../define/params';
import { type Row, textOf } from '../define/row-values';
import { analyze } from './analyze';
import { answerOf, type WhyAnswer, whyFields } from './answer';
import { readWords } from './ask-words';
import { comparedFrom, onsetBetween } from './compare';
import { readDeployMarks } from './deploy-marks';
import { explainOne } from './one-turn';
import { type Occasion, occasionOf, occasionOfIncident, type Thing, thingOf } from './resolve';
import { BAD_TURNS, type Measure, type Subject } from './subject';
import { type Compared } from './turn-rows';

const LIMITS = { seconds: 30, maxRangeMs: 92 * DAY_MS };
/** An anomaly is seen after it began, within this time. */
const SEEN_AFTER_MS = 2 * HOUR_MS;
const SEEN_BEFORE_MS = HOUR_MS / 2;

interface Question {
  readonly subject: Subject;
  readonly compared: Compared;
  readonly question: string;
  readonly notes: readonly string[];
  /** Whether the onset was seen in the turns. */
  readonly hasStep: boolean;
}

async function answer(rowsOf: RowsOf, { subject, compared, question, notes, hasStep }: Question): Promise<WhyAnswer> {
  const marks = await readDeployMarks(rowsOf, compared, subject.scope.service);
  return answerOf(rowsOf, question, await analyze(rowsOf, subject, compared, marks, hasStep), notes);
}

/** The question about an occasion that the detector saw: it began a little before. */
async function questionOf(rowsOf: RowsOf, { subject, started, ended }: Occasion, label: string, now: number): Promise<Question> {
  const until = ended > started ? ended : now;
  const step = await onsetBetween(rowsOf, subject, started - SEEN_AFTER_MS, Math.min(until, started + SEEN_BEFORE_MS));
  return { subject, compared: comparedFrom(step ?? started, until), question: `${label}: ${BAD_TURNS[subject.measure]}`, notes: [], hasStep: true };
} // prettier-ignore

/** Looked for in this order, where what deviates is nothing that turns hold. */
const INSTEAD: readonly Measure[] = ['errors', 'unhelped', 'duration', 'cost'];

/** Where turns do not hold the metric, such as a score or a log: what else is wrong with the turns of the service. */
async function insteadOf(rowsOf: RowsOf, service: string | undefined, started: number, until: number): Promise<Subject> {
  const subjects = INSTEAD.map((measure): Subject => ({ measure, direction: 'up', scope: { service } }));
  for (const subject of subjects)
    if ((await onsetBetween(rowsOf, subject, started - SEEN_AFTER_MS, Math.min(until, started + SEEN_BEFORE_MS))) !== null)
      return subject;
  return { measure: 'duration', direction: 'up', scope: { service } };
}

const timesOf = ({ kind, row }: Thing, now: number): { readonly started: number; readonly ended: number } => {
  if (kind === 'series') return { started: Number(row['last_ms'] ?? now) - HOUR_MS, ended: Number(row['last_ms'] ?? now) };
  const [start, end] = kind === 'incident' ? ['opened_ms', 'closed_ms'] : ['started_ms', 'ended_ms'];
  return { started: Number(row[start] ?? now), ended: Number(row[end] ?? 0) };
};

const serviceIn = (row: Row): string | undefined => textOf(row, 'service_name') || (row['dimensions'] as Record<string, string> | undefined)?.['service_name']; // prettier-ignore

async function answerThing(rowsOf: RowsOf, thing: Thing, now: number): Promise<WhyAnswer> {
  const { kind, id, row } = thing;
  if (kind === 'turn' || kind === 'session') return explainOne(rowsOf, kind, id);
  const label = kind === 'incident' ? textOf(row, 'title') : `${kind} of ${textOf(row, 'metric')}`;
  const known = kind === 'incident' ? await occasionOfIncident(rowsOf, row) : occasionOf(row);
  if (!known) {
    const { started, ended } = timesOf(thing, now);
    const subject = await insteadOf(rowsOf, serviceIn(row), started, ended || now);
    const question = await questionOf(rowsOf, { subject, started, ended }, label, now);
    return answer(rowsOf, {
      ...question,
      notes: ['turns do not hold this metric: what else is wrong with the turns of its service was looked at'],
    });
  }
  if (kind !== 'series') return answer(rowsOf, await questionOf(rowsOf, known, label, now));
  const until = Math.min(now, Number(row['last_ms'] ?? now) + HOUR_MS);
  const onset = await onsetBetween(rowsOf, known.subject, until - DAY_MS, until);
  const notes = onset === null ? ['no step was found in the last day of the series'] : [];
  return answer(rowsOf, { subject: known.subject, compared: comparedFrom(onset ?? until - HOUR_MS, until), question: `${label}: ${BAD_TURNS[known.subject.measure]}`, notes, hasStep: onset !== null }); // prettier-ignore
}

const whyAnswer = named('WhyAnswer', z.object(whyFields));

export const whyIncident = defineQuery({
  name: 'whyIncident',
  about: 'Why an incident happened: probable causes with evidence, and what was ruled out.',
  tag: 'detection',
  scope: 'read',
  path: '/api/incidents/{id}/why',
  params: { id: text('id of the incident') },
  example: { id: 'i1' },
  missing: 'there is no incident of this id',
  answer: whyAnswer,
  limits: LIMITS,
  run: async ({ id }, { clock, rowsOf }) => {
    const thing = await thingOf(rowsOf, id);
    if (thing?.kind !== 'incident')
      throw new ApiError('not_found', 'there is no incident of this id', { fix: 'GET /api/incidents lists them' });
    return answerThing(rowsOf, thing, clock.now());
  },
});

interface WhyParams {
  readonly about: string;
  readonly service?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** Answers a question about an id, or in words. ApiError says what is wrong with it. */
export async function askWhy({ about, service, since, until }: WhyParams, rowsOf: RowsOf, now: number): Promise<WhyAnswer> {
  const thing = /\s/.test(about.trim()) ? null : await thingOf(rowsOf, about.trim());
  if (thing) return answerThing(rowsOf, thing, now);
  const moments = {
    service,
    since: since === undefined ? undefined : momentOf('since', since, now),
    until: until === undefined ? undefined : momentOf('until', until, now),
  };
  if ((moments.since ?? now) < now - LIMITS.maxRangeMs) throw badParameter('since', `lies more than ${LIMITS.maxRangeMs / DAY_MS} d ago`, 'give a later time'); // prettier-ignore
  return answer(rowsOf, await readWords(rowsOf, about, moments, now));
}

export const why = defineQuery({
  name: 'why',
  about: 'Why something is as it is: an incident, anomaly, series, turn or session by its id, or a question in words.',
  tag: 'detection',
  scope: 'read',
  path: '/api/why',
  params: {
    about: text('An id, or words: why is the support bot slow; why did cost double since yesterday'),
    service: text('Only of this service; for a question in words').optional(),
    since: timeParam('When it began, roughly; for a question in words').optional(),
    until: timeParam('First moment that is not looked at; now when left out; for a question in words').optional(),
  },
  example: { about: 'why is the bot slow since yesterday' },
  mcp: {
    name: 'why',
    about: 'Why something is as it is: give the id of an incident, anomaly, series, turn or session, or a question in words. Probable causes with confidence and share explained, example turns, and what was ruled out.',
    next: 'get_turn(id=a turn of evidence.bad) beside one of evidence.good shows the difference; explain_turn(id) says which step went wrong',
  }, // prettier-ignore
  answer: whyAnswer,
  limits: LIMITS,
  run: (given, { clock, rowsOf }) => askWhy(given, rowsOf, clock.now()),
});
