import { quantile } from 'simple-statistics';
import { fillInsights } from './filled-insights';
import { READ_TABLES } from './reads-tables';

const SAMPLES = 60;
const WARM_UP = 5;
const WHY_SAMPLES = 20;
const EXPLORE_SAMPLES = 20;
const round = (ms: number): number => Math.round(ms * 10) / 10;

/** What people ask most, over HTTP as they ask it, over tables of `events` events: insights alone, in this process. */
export async function benchReads(events: number): Promise<Record<string, number>> {
  const { api, fillSeconds, countRows, close } = await fillInsights(events);
  async function p95(ask: (nth: number) => Promise<object>, samples = SAMPLES): Promise<number> {
    const times: number[] = [];
    for (let i = 0; i < samples + WARM_UP; i++) {
      const from = performance.now();
      await ask(i);
      times.push(performance.now() - from);
    }
    return round(quantile(times.slice(WARM_UP), 0.95));
  }
  try {
    const rows: [string, number][] = [];
    for (const table of READ_TABLES) rows.push([`reads_rows_${table}`, await countRows(table)]);
    const { turns: known } = await api.listTurns({ since: '30d', limit: 1_000 });
    const ids = known.map(({ turn_id: id }) => id);
    const { turns: last } = await api.listTurns({ since: '1h', limit: 1_000 });
    return {
      ...Object.fromEntries(rows),
      reads_turns_of_last_hour: last.length,
      reads_fill_seconds: fillSeconds,
      turns_ms_p95: await p95(() => api.listTurns({ since: '1h' })),
      turns_week_ms_p95: await p95(() => api.listTurns({})),
      sessions_ms_p95: await p95(() => api.listSessions({ since: '24h' })),
      turn_ms_p95: await p95((nth) => api.getTurn({ id: ids[(nth * 7) % ids.length] ?? '' })),
      journeys_ms_p95: await p95(() => api.listJourneys({ since: '24h' })),
      flows_ms_p95: await p95(() => api.getFlows({ from: '7d' })),
      flows_month_ms_p95: await p95(() => api.getFlows({ from: '30d' })),
      compare_ms_p95: await p95(() => api.compare({ by: 'flag:new_prompt' })),
      compare_change_ms_p95: await p95(() => api.compare({ by: 'service', b: 'service-1', from: '14d', after: '7d' })),
      running_ms_p95: await p95(() => api.listRunningJourneys({})),
      spend_ms_p95: await p95(() => api.getSpend({ by: 'model' })),
      // Of one service, and of a day of all services against the week before.
      why_ms_p95: await p95((nth) => api.why({ about: `why is service ${nth % 7} failing`, since: '6h' }), WHY_SAMPLES),
      why_all_ms_p95: await p95(() => api.why({ about: 'why are turns slow', since: '24h' }), WHY_SAMPLES),
      values_few_ms_p95: await p95((nth) => api.listValues({ field: ['tool_name', 'response_model', 'intent'][nth % 3] ?? '' })),
      values_many_ms_p95: await p95((nth) => api.listValues({ field: 'session_id', prefix: `s-${(nth % 16).toString(16)}` })),
      explore_day_ms_p95: await p95(() => api.explore({ by: 'intent' })),
      explore_week_ms_p95: await p95(
        () => api.explore({ since: '7d', by: 'service_name', measure: 'duration_ms', aggregation: 'p95' }),
        EXPLORE_SAMPLES,
      ),
      explore_events_month_ms_p95: await p95(() => api.explore({ of: 'events', since: '30d', by: 'name' }), EXPLORE_SAMPLES),
      explore_heat_map_ms_p95: await p95(() => api.exploreHeatMap({ since: '7d' }), EXPLORE_SAMPLES),
      explore_facets_ms_p95: await p95(() => api.exploreFacets({ since: '7d', where: 'status:error' }), EXPLORE_SAMPLES),
      explore_differences_ms_p95: await p95(
        () => api.exploreDifferences({ since: '7d', selected: 'duration_ms>5s' }),
        EXPLORE_SAMPLES,
      ),
      explore_rows_ms_p95: await p95(() => api.listExploredRows({ since: '7d', where: 'status:error' }), EXPLORE_SAMPLES),
      operations_ms_p95: await p95(() => api.listOperations({ kind: 'tool', status: 'error' })),
    };
  } finally {
    await close();
  }
}
