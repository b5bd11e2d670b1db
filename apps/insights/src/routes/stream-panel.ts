import { dashboardOfPanel, readPanel, statementOfPanel } from '@telltale/query';
import { type InsightsDeps } from '../deps';
import { createContextOf, type StreamAnswer } from './ask';
import { createSqlSender } from './stream-sql';

/** Panels of one dashboard are asked for one after the other: what it consists of is read once. */
const KEPT_MS = 60_000;
const MOST_KEPT = 100;

type Dashboard = Awaited<ReturnType<typeof dashboardOfPanel>>;
interface Kept {
  readonly dashboard: Dashboard;
  readonly at: number;
}

/** The rows of one panel, by the statement that its dashboard has for it. */
export function createPanelStream(deps: InsightsDeps): StreamAnswer {
  const send = createSqlSender(deps);
  const contextOf = createContextOf(deps);
  const kept = new Map<string, Kept>();
  return async (given, request, reply) => {
    const { panel, ...choice } = readPanel.parse(given);
    const context = contextOf(request);
    const now = deps.clock.now();
    // A pinned one is no work to find, and may have changed.
    const key = choice.name === undefined ? JSON.stringify([request.tenant, Object.entries(choice).sort()]) : null;
    const before = key === null ? undefined : kept.get(key);
    const isFresh = before !== undefined && now - before.at < KEPT_MS;
    const dashboard = isFresh ? before.dashboard : await dashboardOfPanel(choice, context);
    if (key !== null && !isFresh) {
      kept.delete(key);
      kept.set(key, { dashboard, at: now });
      for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest);
    }
    await send(statementOfPanel(dashboard, panel), request, reply);
  };
}
