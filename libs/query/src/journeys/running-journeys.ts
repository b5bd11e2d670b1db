import { createRiskModel, FRICTION_BANDS, type RiskCell, TURN_BANDS } from '@telltale/domain-journey';
import { DAY_MS, MINUTE_MS } from '@telltale/kernel';
import { z } from 'zod';
import { named, type Select } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { withIsoTimes } from '../define/iso-times';
import { limitOf, type Period } from '../define/params';
import { numberOf } from '../define/row-values';
import { count } from '../define/row-fields';
import { SINCE_FIRST_MINUTE, within } from '../define/where';
import { chosenSessions, type ChosenSessions, whereChosen } from './chosen-sessions';
import { JOURNEY_COLUMNS, journeyFields, journeyOfRow } from './journey-row';

/** A conversation that nobody goes on with for so long is over, as for sessions that no producer names. */
const OVER_MS = 30 * MINUTE_MS;
/** What is learned from. */
const LEARN_MS = 28 * DAY_MS;
/** The earlier part is learned from, the later one measures it. */
const LEARN_SHARE = 0.6;

const bandOf = (value: string, tops: readonly number[]): string =>
  `multiIf(${tops.map((top, i) => `${value} <= ${top}, ${i}`).join(', ')}, ${tops.length})`;
/** As `riskCellOf` of the domain. */
const cell = (turn: string, friction: string, outcome: string): string =>
  `(${bandOf(friction, FRICTION_BANDS)} * ${TURN_BANDS.length + 1} + ${bandOf(turn, TURN_BANDS)}) * 2 + (${outcome} IN ('error', 'abandoned', 'refused'))`;

const moment = "fromUnixTimestamp64Milli({over:Int64}, 'UTC')";

/** Sessions that are over, by each state that they were in. */
function riskCells(chosen: ChosenSessions, period: Period, over: number): Select {
  const { where, params } = within(whereChosen(chosen), 'started_at', period);
  const ended = `FROM telltale.sessions ${SINCE_FIRST_MINUTE} WHERE ${where} AND friction IS NOT NULL AND ended_at < ${moment}`;
  return {
    sql: `SELECT cell, toUInt8(is_late) AS is_later, count() AS n_sessions, countIf(is_abandoned) AS n_abandoned FROM (
        SELECT abandoned_because != '' AS is_abandoned, toUnixTimestamp(started_at) >= (SELECT quantileExact(${LEARN_SHARE})(toUnixTimestamp(started_at)) ${ended}) AS is_late,
          arrayDistinct(arrayMap((i, f, o) -> toUInt16(${cell('i', 'f', 'o')}), arrayEnumerate(path_friction), path_friction, path_outcomes)) AS cells
        ${ended})
      ARRAY JOIN cells AS cell GROUP BY cell, is_late`,
    params: { ...params, over },
  };
} // prettier-ignore

function goingOn(chosen: ChosenSessions, period: Period, over: number, limit: number): Select {
  const { where, params } = within(whereChosen(chosen), 'started_at', period);
  return {
    sql: `SELECT ${JOURNEY_COLUMNS}, toUInt16(${cell('turns', 'path_friction[-1]', 'path_outcomes[-1]')}) AS cell
      FROM telltale.sessions ${SINCE_FIRST_MINUTE} WHERE ${where} AND friction IS NOT NULL AND ended_at >= ${moment} ORDER BY friction DESC, started_at DESC, session_id LIMIT {limit:UInt32}`,
    params: { ...params, over, limit },
  };
} // prettier-ignore

const share = z.number().min(0).max(1);

export const listRunningJourneys = defineQuery({
  name: 'listRunningJourneys',
  about:
    'Sessions that go on (a turn within 30 minutes), the hardest first, with the risk that they end abandoned where it was borne out: learned from the earlier sessions of 28 days, measured on the later ones.',
  tag: 'conversations',
  scope: 'read',
  path: '/api/journeys/running',
  params: { ...chosenSessions, limit: limitOf({ fallback: 50, max: 1_000 }) },
  example: { service: 'shop' },
  answer: named(
    'RunningJourneysAnswer',
    z.object({
      journeys: z.array(
        z.object({
          ...journeyFields,
          risk: share.nullable().describe('That it ends abandoned; null where no risk is borne out'),
          observed: share.nullable().describe('What became of later sessions in the same state'),
          observed_sessions: count.nullable(),
        }),
      ),
      calibration: z
        .object({
          learned_from: count.describe('Earlier sessions, each in all states it was in'),
          measured_on: count.describe('Later sessions, likewise'),
          error: share.nullable().describe('Mean distance of what is said from what was observed'),
          error_of_one_risk: share.nullable().describe('The same of one risk for all'),
          states: count,
          states_said: count.describe('States whose risk is borne out, and said'),
        })
        .describe('How right the risks were on sessions that nothing was learned from'),
    }),
  ),
  limits: { maxRows: 1_000 },
  run: async ({ limit, ...chosen }, { clock, rowsOf }) => {
    const now = clock.now();
    const over = now - OVER_MS;
    const [cells, rows] = await Promise.all([
      rowsOf(riskCells(chosen, { since: now - LEARN_MS, until: now }, over)),
      rowsOf(goingOn(chosen, { since: now - 7 * DAY_MS, until: now + MINUTE_MS }, over, limit)),
    ]);
    const model = createRiskModel(
      cells.map((row): RiskCell => ({
        cell: numberOf(row, 'cell'),
        isLater: numberOf(row, 'is_later') === 1,
        sessions: numberOf(row, 'n_sessions'),
        abandoned: numberOf(row, 'n_abandoned'),
      })),
    );
    return {
      journeys: rows.map(({ cell: state, ...row }) => {
        const risk = model.riskOf(Number(state));
        return {
          ...journeyOfRow(withIsoTimes(row)),
          risk: risk?.risk ?? null,
          observed: risk?.observed ?? null,
          observed_sessions: risk?.sessions ?? null,
        };
      }),
      calibration: model.calibration,
    };
  },
});
