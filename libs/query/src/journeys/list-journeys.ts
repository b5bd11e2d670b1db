import { FRICTION_SIGNS } from '@telltale/domain-journey';
import { DAY_MS } from '@telltale/kernel';
import { z } from 'zod';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { choice, text } from '../define/params';
import { SINCE_FIRST_MINUTE, within } from '../define/where';
import { chosenSessions, whereChosen } from './chosen-sessions';
import { JOURNEY_COLUMNS, journeyFields, journeyOfRow } from './journey-row';
import { stateParams, whereState } from './state-filter';

const [FIRST, ...OTHERS] = FRICTION_SIGNS;
const REASONS = [FIRST ?? 'error', ...OTHERS] as const;

export const listJourneys = defineQuery({
  name: 'listJourneys',
  about:
    'Sessions with their friction, its reasons and the steps of the user, the hardest first. Sessions that an earlier release began have none.',
  tag: 'conversations',
  scope: 'read',
  path: '/api/journeys',
  params: {
    ...chosenSessions,
    user: text('Only of this user (pseudonym)').optional(),
    reason: choice(REASONS, 'Only with this sign of friction').optional(),
    abandoned: choice(['yes', 'no', ...REASONS], 'Only those that were abandoned, were not, or were because of this').optional(),
    ...stateParams,
    order: choice(['friction', 'started'], 'The hardest first, or the last started').default('friction'),
  },
  example: { service: 'shop', reason: 'repeat', since: '24h' },
  list: 'journeys',
  row: named('Journey', z.object(journeyFields)),
  limits: { rows: { fallback: 50, max: 1_000 }, range: { defaultMs: 7 * DAY_MS, maxMs: 90 * DAY_MS } },
  order: ({ order }) => [
    ...(order === 'friction' ? [{ column: 'friction', type: 'number', descending: true } as const] : []),
    { column: 'started_at', type: 'time', descending: true },
    { column: 'session_id', type: 'text' },
  ],
  sql: ({ user, reason, abandoned, state, next, turn, ...chosen }, period) => {
    const { where, params } = within(whereChosen(chosen), 'started_at', period);
    const inState = whereState({ state, next, turn });
    const left =
      abandoned === undefined ? '1' : abandoned === 'yes' ? "abandoned_because != ''" : abandoned === 'no' ? "abandoned_because = ''" : 'abandoned_because = {abandoned:String}'; // prettier-ignore
    return {
      sql: `SELECT ${JOURNEY_COLUMNS} FROM telltale.sessions ${SINCE_FIRST_MINUTE} WHERE ${where} AND friction IS NOT NULL AND ${left} AND ${inState.where}
        ${reason === undefined ? '' : 'AND mapContains(friction_signs, {reason:String})'} ${user === undefined ? '' : 'AND user_id = {user:String}'}`,
      params: { ...params, ...inState.params, ...(reason && { reason }), ...(abandoned && { abandoned }), ...(user && { user }) },
    };
  },
  shown: journeyOfRow,
});
