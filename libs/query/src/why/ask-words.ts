import { DAY_MS, HOUR_MS, isoTime } from '@telltale/kernel';
import { badParameter } from '../define/api-error';
import { type RowsOf } from '../define/definition';
import { comparedFrom, onsetBetween } from './compare';
import { readKnownNames } from './known-names';
import { type Named, nameGiven, namesIn, parseWords, plainWords } from './parse-words';
import { BAD_TURNS, type Measure, type Subject } from './subject';

const CAN_BE_ASKED =
  'say what is wrong (slow, errors, cost, abandoned, without an answer, retries, calls, tokens, first token, cache, traffic), of which service, tool or model, and since when; or give the id of an incident, anomaly, series, turn or session';
/** What is looked through where the words say no time. */
const LOOK_BACK_MS = DAY_MS;
const MOST_BACK_MS = 7 * DAY_MS;
/** Asked in this order where the words name something, and not what is wrong with it. */
const USUAL: readonly Measure[] = ['errors', 'duration', 'unhelped', 'cost'];
const SHOWN_NAMES = 8;

export interface Asked {
  readonly subject: Subject;
  readonly compared: ReturnType<typeof comparedFrom>;
  readonly question: string;
  readonly notes: readonly string[];
  readonly hasStep: boolean;
}

function scopeOf(found: readonly Named[], given: string | undefined): Subject['scope'] {
  const of = (kind: Named['kind']): string | undefined => found.find((one) => one.kind === kind)?.value;
  const tool = of('tool');
  return { service: given ?? of('service'), operation: tool === undefined ? undefined : `tool ${tool}`, model: of('model') };
}

/** Reads a question in words. ApiError says what can be asked where they name nothing that is known. */
export async function readWords(
  rowsOf: RowsOf,
  about: string,
  given: { readonly service?: string | undefined; readonly since?: number | undefined; readonly until?: number | undefined },
  now: number,
): Promise<Asked> {
  const words = parseWords(about, now);
  const known = await readKnownNames(rowsOf, now);
  const found = namesIn(words.plain, known);
  const unknown = nameGiven(about);
  const services = known.filter(({ kind }) => kind === 'service').map(({ value }) => value);
  const isKnown = unknown === null || found.length > 0 || services.length <= 1 || given.service !== undefined;
  if (!isKnown) {
    // A service may have the words in a longer name: support-bot of acme-support-bot.
    const wanted = plainWords(unknown).split(' ').filter((word) => !/^(bot|service|tool|model|agent|assistant)$/.test(word)); // prettier-ignore
    const near = services.filter((name) => wanted.length > 0 && wanted.every((word) => plainWords(name).split(' ').includes(word))); // prettier-ignore
    const [only] = near;
    if (near.length !== 1 || only === undefined)
      throw badParameter('about', 'names nothing that is known of the last 7 days', `name a service, tool or model that is there, such as ${services.slice(0, SHOWN_NAMES).join(', ')}`); // prettier-ignore
    found.push({ kind: 'service', value: only });
  }
  if (words.measure === null && found.length === 0) throw badParameter('about', 'is no known id, and its words name nothing that can be asked', CAN_BE_ASKED); // prettier-ignore
  const scope = scopeOf(found, given.service);
  const until = given.until ?? now;
  const since = given.since ?? words.since;
  if (since !== null && since >= until) throw badParameter('since', 'lies not before until', 'give an earlier time');
  const from = Math.max(since === null ? until - LOOK_BACK_MS : since - Math.max(until - since, 6 * HOUR_MS), until - 2 * MOST_BACK_MS); // prettier-ignore
  const measures = words.measure === null ? USUAL : [words.measure];
  let chosen: { readonly subject: Subject; readonly onset: number } | null = null;
  for (const measure of measures) {
    const subject: Subject = { measure, direction: words.direction, scope };
    const onset = await onsetBetween(rowsOf, subject, from, until);
    if (onset !== null) {
      chosen = { subject, onset };
      break;
    }
  }
  const first: Subject = { measure: measures[0] ?? 'duration', direction: words.direction, scope };
  // Words say roughly when: a step in the time they name is the onset, else that time itself.
  const onset = chosen && (since === null || chosen.onset >= since - (until - since) / 4) ? chosen.onset : (since ?? until - HOUR_MS); // prettier-ignore
  const subject = chosen?.subject ?? first;
  const of = [scope.service, scope.operation, scope.model].filter((name) => name !== undefined).join(', ');
  return {
    subject,
    compared: comparedFrom(onset, until),
    question: `why are there ${subject.direction === 'up' ? 'more' : 'fewer'} ${BAD_TURNS[subject.measure]}${of ? ` of ${of}` : ''} since ${isoTime(onset)}`,
    hasStep: chosen !== null,
    notes: chosen ? [] : ['no step was found in the time that was looked through'],
  };
}
