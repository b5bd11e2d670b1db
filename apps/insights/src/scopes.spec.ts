import { type ApiKeyScope } from '@telltale/contracts';
import { keyWithout, newTestInsights } from './insights.fixture';
import { InsightsModule } from './insights.module';
import { type InsightsDeps } from './deps';

const ROUTES: readonly (readonly ['GET' | 'POST' | 'DELETE', string, ApiKeyScope])[] = [
  ['GET', '/api/sessions', 'read'],
  ['GET', '/api/sessions/s1', 'read'],
  ['GET', '/api/turns', 'read'],
  ['GET', '/api/turns/t1', 'read'],
  ['GET', '/api/turns/t1/tree', 'read'],
  ['GET', '/api/operations', 'read'],
  ['GET', '/api/turns/t1/operations', 'read'],
  ['GET', '/api/turns/t1/usual', 'read'],
  ['GET', '/api/operations/o1', 'read'],
  ['GET', '/api/operations/o1/usual', 'read'],
  ['GET', '/api/operations/o1/fields/input', 'read'],
  ['GET', '/api/sessions/s1/chat', 'read'],
  ['GET', '/api/turns/t1/explain', 'read'],
  ['GET', '/api/sessions/s1/explain', 'read'],
  ['GET', '/api/errors/f1/explain', 'read'],
  ['GET', '/api/tools/get_order/schema', 'read'],
  ['GET', '/api/now', 'read'],
  ['GET', '/api/now/rate', 'read'],
  ['GET', '/api/events/count', 'read'],
  ['GET', '/api/journeys', 'read'],
  ['GET', '/api/journeys/running', 'read'],
  ['GET', '/api/flows', 'read'],
  ['GET', '/api/compare?by=version', 'read'],
  ['GET', '/api/series', 'read'],
  ['GET', '/api/detector/status', 'read'],
  ['GET', '/api/detector/backtest', 'read'],
  ['GET', '/api/series/s1/windows', 'read'],
  ['GET', '/api/series/s1/expected', 'read'],
  ['GET', '/api/metrics/m1/windows', 'read'],
  ['GET', '/api/anomalies', 'read'],
  ['GET', '/api/incidents', 'read'],
  ['GET', '/api/incidents/i1', 'read'],
  ['GET', '/api/deploys', 'read'],
  ['GET', '/api/deliveries', 'read'],
  ['POST', '/api/receivers/ops/test', 'admin'],
  ['GET', '/api/incidents/i1/why', 'read'],
  ['GET', '/api/why?about=why+slow', 'read'],
  ['GET', '/api/spend', 'read'],
  ['GET', '/api/costs/over-time', 'read'],
  ['GET', '/api/costs/top', 'read'],
  ['GET', '/api/costs/budgets', 'read'],
  ['GET', '/api/costs/budgets/alerts', 'read'],
  ['GET', '/api/costs/waste', 'read'],
  ['GET', '/api/costs/explain?from=1h', 'read'],
  ['GET', '/api/costs/what-if?from=1h', 'read'],
  ['GET', '/api/costs/prices', 'read'],
  ['GET', '/api/costs/prices/models', 'read'],
  ['POST', '/api/costs/prices/compare', 'read'],
  ['GET', '/api/costs/gaps', 'read'],
  ['GET', '/api/directives', 'read'],
  ['GET', '/api/directives/status', 'read'],
  ['GET', '/api/directives/d1/effect', 'read'],
  ['GET', '/api/directives/preview', 'read'],
  ['GET', '/api/detector/maintenance', 'read'],
  ['GET', '/api/detector/holidays', 'read'],
  ['GET', '/api/detector/labels', 'read'],
  ['GET', '/api/detector/sensitivity', 'read'],
  ['GET', '/api/stored/events', 'read'],
  ['GET', '/api/pseudonyms', 'read'],
  ['GET', '/api/explore', 'read'],
  ['GET', '/api/explore/heat-map', 'read'],
  ['GET', '/api/explore/differences?selected=status:error', 'read'],
  ['GET', '/api/explore/facets', 'read'],
  ['GET', '/api/explore/rows', 'read'],
  ['GET', '/api/views', 'read'],
  ['GET', '/api/fields', 'read'],
  ['GET', '/api/values?field=kind', 'read'],
  ['GET', '/api/export?what=events', 'read'],
  ['GET', '/api/dashboards', 'read'],
  ['GET', '/api/dashboards/proposed', 'read'],
  ['GET', '/api/dashboards/pinned/mine', 'read'],
  ['GET', '/api/dashboards/grafana', 'read'],
  ['GET', '/api/dashboards/panels/turns', 'read'],
  ['GET', '/api/privacy/policy', 'read'],
  ['GET', '/api/dlq', 'read'],
  ['GET', '/api/dlq/0-1', 'read'],
  ['GET', '/api/tail', 'read'],
  ['GET', '/api/tail/incidents', 'read'],
  ['GET', '/api/tail/alerts', 'read'],
  ['POST', '/api/query', 'read'],
  ['POST', '/api/privacy/try', 'read'],
  ['POST', '/api/share', 'read'],
  ['POST', '/api/costs/reconcile', 'read'],
  ['POST', '/api/control', 'control'],
  ['DELETE', '/api/control/d1', 'control'],
  ['POST', '/api/anomalies/a1/label', 'control'],
  ['POST', '/api/incidents/i1/acknowledge', 'control'],
  ['POST', '/api/incidents/i1/assign', 'control'],
  ['POST', '/api/incidents/i1/silence', 'control'],
  ['POST', '/api/incidents/i1/resolve', 'control'],
  ['POST', '/api/incidents/i1/note', 'control'],
  ['POST', '/api/deploys', 'control'],
  ['POST', '/api/detector/maintenance', 'control'],
  ['DELETE', '/api/detector/maintenance/m1', 'control'],
  ['POST', '/api/detector/holidays', 'control'],
  ['DELETE', '/api/detector/holidays/h1', 'control'],
  ['POST', '/api/detector/sensitivity', 'control'],
  ['DELETE', '/api/detector/sensitivity/s1', 'control'],
  ['GET', '/api/settings', 'admin'],
  ['GET', '/api/settings/history', 'admin'],
  ['GET', '/api/settings/types', 'admin'],
  ['GET', '/api/settings/view/slow', 'admin'],
  ['POST', '/api/settings/view/slow', 'admin'],
  ['DELETE', '/api/settings/view/slow', 'admin'],
  ['GET', '/api/topics', 'admin'],
  ['POST', '/api/dlq/replay', 'admin'],
  ['POST', '/api/costs/reprice', 'admin'],
];

/** Open to keys with `read:metadata`, which `read` implies: mcp.int-spec asks with each. */
const MCP = ['POST /mcp', 'GET /mcp', 'DELETE /mcp'];
/** How a browser gets in, out, and knows whether it is: session.spec asks. */
const SESSION = ['POST /api/session', 'GET /api/session', 'DELETE /api/session'];
const OPEN = ['/api/openapi.json', '/api/docs'];

describe('scopes of keys', () => {
  let test: Awaited<ReturnType<typeof newTestInsights>>;
  beforeAll(async () => void (test = await newTestInsights()));
  afterAll(() => test.app.close());

  it.each(ROUTES)('%s %s is closed to a key that has all scopes but %s, and the answer names it', async (method, url, scope) => {
    const body = method === 'POST' ? {} : undefined;
    const { status, json } = await test.call(method, url, body, { authorization: `Bearer ${keyWithout(scope)}` });
    expect(status).toBe(403);
    expect(json()['error']).toMatchObject({ code: 'forbidden', message: expect.stringContaining(`lacks the scope ${scope}:`) as string }); // prettier-ignore
    expect([test.produced, test.queries]).toEqual([[], []]);
  });

  it('are asked for at every route there is but those that describe the others, and those of sign-in', () => {
    const { controllers = [] } = InsightsModule.register({} as InsightsDeps);
    const handlers = controllers.flatMap(({ prototype }: { prototype: object }) =>
      Object.getOwnPropertyNames(prototype).filter((name) => {
        const value: unknown = (prototype as Record<string, unknown>)[name];
        return name !== 'constructor' && typeof value === 'function' && Reflect.hasMetadata('method', value);
      }),
    );
    expect(handlers).toHaveLength(ROUTES.length + MCP.length + SESSION.length + OPEN.length);
  });

  it.each(OPEN)('%s is open without a key', async (url) => {
    expect((await test.call('GET', url, undefined, {})).status).toBe(200);
    expect(test.queries).toEqual([]);
  });
});
