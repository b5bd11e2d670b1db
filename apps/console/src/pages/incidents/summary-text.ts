import { countOf, durationOf, moneyOf, numberOf } from '../../format/numbers';
import { clockOf, timeOf } from '../../format/times';
import { type IncidentAnswer, type Why } from './questions';

const utc = (text: string): string => `${clockOf(timeOf(text), 'utc').slice(0, 16)} UTC`;
const MOST_CHANGES = 3;

/** What was touched, in a sentence; empty where nothing is known yet. */
export function touchedOf({ turns_touched: turns, bad_turns: bad, users_touched: users, cost_nano_usd: cost }: IncidentAnswer['incident']): string {
  const parts = [
    turns > 0 ? `${countOf(turns)} turns (${countOf(bad)} ended badly)` : '',
    users > 0 ? `${countOf(users)} users` : '',
    numberOf(cost) > 0 ? `${moneyOf(cost)} beyond the usual` : '',
  ].filter(Boolean);
  return parts.join(', ');
} // prettier-ignore

/** The incident as a message for a chat: plain text, what matters first. `why`: as far as it is known. */
export function summaryText({ incident, deploys }: Pick<IncidentAnswer, 'incident' | 'deploys'>, why: Why | undefined, link: string, now: number): string {
  const { title, severity, phase, onset_at: onset, opened_at: opened, closed_at: closed, owner, probable_cause: said, silenced_until: silenced } = incident;
  const began = onset ?? opened;
  const lasted = durationOf(Math.max(0, (closed === null ? now : timeOf(closed)) - timeOf(began)));
  const cause = why?.causes[0];
  const sure = cause?.confidence === null || cause?.confidence === undefined ? '' : ` (confidence ${Math.round(100 * cause.confidence)} %)`;
  const touched = touchedOf(incident);
  const changes = [...deploys].reverse().slice(0, MOST_CHANGES).map(({ text, at }) => `${text}, ${utc(at)}`);
  return [
    `[${severity}, ${phase}] ${title}`,
    `Since ${utc(began)}, ${closed === null ? `for ${lasted} so far` : `over after ${lasted}`}.`,
    said,
    cause ? `Probable cause${sure}: ${cause.sentence}` : (why?.answer ?? ''),
    touched && `Touched: ${touched}.`,
    changes.length > 0 ? `Changed near it: ${changes.join('; ')}.` : '',
    `Owner: ${owner || 'nobody'}.${silenced !== null && timeOf(silenced) > now ? ` Silenced until ${utc(silenced)}.` : ''}`,
    link,
  ].filter(Boolean).join('\n');
} // prettier-ignore
