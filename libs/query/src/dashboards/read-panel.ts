import { ApiError } from '../define/api-error';
import { type AskContext, defineStream, rowsFor } from '../define/definition';
import { rangeParams, text } from '../define/params';
import { rowsAnswer, rowsStreams, runSql } from '../sql/run-sql';
import { type Choice, choose, type Chosen, chosenBy, RANGE } from './choose';
import { expand } from './panel-sql';

const MISSING = 'the dashboard has no panel of this id';

/** Sent as the engine writes it. For whoever may send no statements of their own, such as those who came by a shared link. */
export const readPanel = defineStream({
  name: 'readPanel',
  about: 'The rows of one panel of a dashboard: of a pinned one by name, or of one made of the data.',
  tag: 'dashboards',
  scope: 'read',
  method: 'GET',
  path: '/api/dashboards/panels/{panel}',
  params: { panel: text('Its id in the dashboard', 100), ...chosenBy, ...rangeParams(RANGE) },
  example: { panel: 'turns', since: '24h' },
  missing: MISSING,
  answer: rowsAnswer,
  isJson: true,
  streams: rowsStreams,
  limits: { ...runSql.limits, maxRangeMs: RANGE.maxMs },
});

/** The dashboard that has the panel. */
export const dashboardOfPanel = (given: Choice, context: AskContext): Promise<Chosen> =>
  choose(given, { ...context, rowsOf: rowsFor(readPanel.name, context, readPanel.limits.seconds) });

/** The panel's statement for the range, as POST /api/query takes it. */
export function statementOfPanel({ panels, period }: Chosen, id: string): string {
  const found = panels.find((panel) => panel.id === id);
  if (found) return expand(found.sql, period);
  throw new ApiError('not_found', MISSING, {
    parameter: 'panel',
    fix: 'ask for the dashboard again: what is in it follows the data',
  });
}
