import { type AnomalyRecord } from '@telltale/contracts';
import { type Call, isOverAll, playServices, type Trouble } from './live-services';

const model = (service: string, name: string, provider: string): Call => ({
  service,
  kind: 'llm',
  name: `chat ${name}`,
  model: name,
  provider,
  rate: 3,
});
const tool = (service: string, name: string): Call => ({ service, kind: 'tool', name, rate: 3 });
const CALLS: readonly Call[] = [
  model('search', 'gpt-4o', 'openai'),
  model('shop', 'gpt-4o', 'openai'),
  model('shop', 'gpt-4o-mini', 'openai'),
  model('travel', 'gpt-4o-mini', 'openai'),
  model('travel', 'claude', 'anthropic'),
  model('desk', 'claude', 'anthropic'),
  tool('shop', 'refund'),
  tool('travel', 'flights'),
];
const WITH_SHARED: readonly Call[] = [...CALLS, ...['shop', 'search', 'desk'].map((service) => tool(service, 'find'))];
const ALONE: readonly Call[] = [model('shop', 'gpt-4o', 'openai'), tool('shop', 'refund')];

function play(calls: readonly Call[], trouble: Trouble) {
  const { anomalies, ...seen } = playServices(calls, trouble, { windows: 560, fault: 500, seed: 3 });
  return { ...seen, anomalies: anomalies.map(({ anomaly }): AnomalyRecord => anomaly) };
}
const TITLE = /^openai: model calls (?:fail|are slow) in 3 services: search, shop, travel$/;

it.each([
  ['fails', { failing: 0.7 }],
  ['is slow', { slower: 5 }],
])('a provider of three services and two models that %s is one incident and one alert, titled by it', (_, how) => {
  const { anomalies, incidents, firing } = play(CALLS, { hits: ({ provider }) => provider === 'openai', ...how });
  const provider = anomalies.find(({ metric }) => metric.startsWith('provider.'));
  expect(provider?.dimensions).toEqual({ provider: 'openai' });
  const models = anomalies.filter(({ metric, dimensions }) => metric.startsWith('operation.') && dimensions['kind'] === 'llm');
  expect(new Set(models.map(({ dimensions }) => dimensions['service_name']))).toEqual(new Set(['search', 'shop', 'travel']));
  expect(models.filter(({ parent_anomaly_id: parent }) => parent !== provider?.id)).toEqual([]);
  expect(incidents.map(({ title }) => title)).toEqual([expect.stringMatching(TITLE)]);
  expect(firing.map(({ incident_id: id }) => id)).toEqual([incidents[0]?.id]);
  expect(firing[0]?.title).toMatch(/^openai: model calls (?:fail|are slow) in /);
  expect(firing[0]?.services).toEqual(['search', 'shop', 'travel']);
});

it.each([
  ['is slow', { slower: 6 }],
  ['fails', { failing: 0.7 }],
])('a tool of one service that %s is an incident of that tool', (_, how) => {
  const { anomalies, incidents, firing } = play(CALLS, { hits: ({ name }) => name === 'refund', ...how });
  expect(anomalies.filter(isOverAll)).toEqual([]);
  expect(incidents.map(({ title }) => title)).toEqual([expect.stringMatching(/^shop: tool refund (?:fails|is slow)$/)]);
  expect(firing).toHaveLength(1);
});

it.each([
  ['is slow', { slower: 6 }],
  ['fails', { failing: 0.7 }],
])('a tool of three services that %s is one incident and one alert of that tool', (_, how) => {
  const { anomalies, incidents, firing } = play(WITH_SHARED, { hits: ({ name }) => name === 'find', ...how });
  const wide = anomalies.find(({ metric }) => metric.startsWith('tenant.operation.'));
  expect(wide?.dimensions).toEqual({ kind: 'tool', name: 'find' });
  const tools = anomalies.filter(({ metric, dimensions }) => metric.startsWith('operation.') && dimensions['name'] === 'find');
  expect(new Set(tools.map(({ dimensions }) => dimensions['service_name']))).toEqual(new Set(['shop', 'search', 'desk']));
  expect(tools.filter(({ parent_anomaly_id: parent }) => parent !== wide?.id)).toEqual([]);
  expect(incidents.map(({ title }) => title)).toEqual([
    expect.stringMatching(/^tool find (?:fails|is slow) in 3 services: desk, search, shop$/),
  ]);
  expect(firing.map(({ incident_id: id }) => id)).toEqual([incidents[0]?.id]);
});

it('a tenant of one service and one model has the anomalies of that service, and one alert', () => {
  const { anomalies, incidents, firing } = play(ALONE, { hits: ({ kind }) => kind === 'llm', failing: 0.7 });
  expect(anomalies.filter(isOverAll)).toEqual([]);
  expect(incidents.map(({ title }) => title)).toEqual(['shop: llm chat gpt-4o fails']);
  expect(firing).toHaveLength(1);
});
