import { createHash } from 'node:crypto';
import { type AnomalyRecord } from '@telltale/contracts';
import { runWithRestores } from '@telltale/streaming/testing';
import { scorerConfig } from './config';
import { scorerService } from './service';
import { latest, type Load, measuresOf, score, START, type Trouble, WINDOW } from './wide.fixture';

const PARTITIONS = 4;
const WINDOWS = 700;
const FAULT = 640;
const at = (window: number): number => START + window * WINDOW;

const call = (service: string, model: string, provider = 'openai', rate = 3): Load => ({
  service,
  model,
  provider,
  rate,
  median: 1_500,
});
const turns = (service: string, rate = 2): Load => ({ service, rate, median: 4e6 });
const FLEET: readonly Load[] = [
  call('shop', 'gpt-4o'),
  call('travel', 'gpt-4o', 'openai', 1),
  call('travel', 'gpt-4o-mini', 'openai', 5),
  call('support', 'gpt-4o-mini', 'openai', 0.5),
  call('support', 'claude', 'anthropic'),
  call('search', 'claude', 'anthropic'),
  turns('shop'),
  turns('travel', 5),
  turns('support', 1),
];

/** Anomalies that began with the fault. */
function found(
  loads: readonly Load[],
  trouble: Trouble,
  seed = 7,
  { windows, fault } = { windows: WINDOWS, fault: FAULT },
): AnomalyRecord[] {
  const all = latest(score(measuresOf(loads, windows, PARTITIONS, fault, trouble, seed), PARTITIONS));
  return all.filter(({ kind, started_at: from }) => kind !== 'novelty' && Date.parse(from) >= at(fault) - 5 * WINDOW);
}
const isWide = ({ metric }: AnomalyRecord): boolean => /^(?:provider|tenant)\./.test(metric);

describe('an outage of a provider', () => {
  it.each([
    ['fails', { errorShare: 0.6 }, 'provider.error_ratio'],
    ['is slow', { slower: 4 }, 'provider.duration'],
  ])('that %s is one anomaly that those of its services and models name', (_, how, metric) => {
    const all = found(FLEET, { of: ({ provider }) => provider === 'openai', ...how });
    const wide = all.filter(isWide);
    expect(wide.map(({ metric: of, dimensions }) => [of, dimensions])).toEqual([[metric, { provider: 'openai' }]]);
    const others = all.filter((one) => !isWide(one));
    expect(new Set(others.map(({ dimensions }) => dimensions['service_name']))).toEqual(new Set(['shop', 'travel', 'support']));
    expect(others.every(({ parent_anomaly_id: parent }) => parent === wide[0]?.id)).toBe(true);
  });

  it('is seen before any of its many services has called it often enough', () => {
    const small = Array.from({ length: 12 }, (_, i) => call(`bot-${i}`, 'gpt-4o', 'openai', 0.05));
    const [first] = found(small, { of: () => true, errorShare: 0.8 }).sort((a, b) => (a.started_at < b.started_at ? -1 : 1));
    expect(first).toMatchObject({ metric: 'provider.error_ratio', dimensions: { provider: 'openai' } });
    expect(Date.parse(first?.started_at ?? '') - at(FAULT)).toBeLessThan(5 * 60_000);
  });
});

describe('a fault of one service', () => {
  it.each([
    ['fails at its provider', { of: ({ service, provider }: Load) => service === 'travel' && provider !== undefined, errorShare: 0.6 }],
    ['is slow at its provider', { of: ({ service, provider }: Load) => service === 'travel' && provider !== undefined, slower: 4 }],
    ['leaves its turns without an answer', { of: ({ service, provider }: Load) => service === 'travel' && provider === undefined, errorShare: 0.7 }],
    ['has dear turns', { of: ({ service, provider }: Load) => service === 'travel' && provider === undefined, slower: 5 }],
  ])('that %s is put down to that service, though most is of it', (_, trouble) => {
    const all = found(FLEET, trouble);
    expect(all.length).toBeGreaterThan(0);
    expect(all.filter(isWide)).toEqual([]);
  }); // prettier-ignore

  it.each([3, 4, 5])('of a tenant that has only one is no more anomalies than before (seed %i)', (seed) => {
    const all = found([call('shop', 'gpt-4o'), turns('shop')], { of: () => true, errorShare: 0.6 }, seed);
    expect(all.length).toBeGreaterThan(0);
    expect(all.filter(isWide)).toEqual([]);
  });
});

describe('a tool of several services', () => {
  const tool = (service: string, name = 'find', rate = 2): Load => ({ service, tool: name, rate, median: 300 });
  const TOOLS = [
    tool('shop'),
    tool('travel', 'find', 5),
    tool('desk', 'find', 0.5),
    tool('shop', 'refund'),
    tool('travel', 'refund'),
  ];

  it.each([
    ['fails', { errorShare: 0.6 }, 'tenant.operation.error_ratio'],
    ['is slow', { slower: 4 }, 'tenant.operation.duration'],
  ])('that %s is one anomaly that those of its services name', (_, how, metric) => {
    const all = found(TOOLS, { of: ({ tool: name }) => name === 'find', ...how });
    const [wide, ...more] = all.filter(isWide);
    expect(more).toEqual([]);
    expect(wide).toMatchObject({ metric, dimensions: { kind: 'tool', name: 'find' }, parent_anomaly_id: '' });
    expect(wide?.summary).toMatch(/tool find of all services/);
    const others = all.filter((one) => !isWide(one));
    expect(new Set(others.map(({ dimensions }) => dimensions['service_name']))).toEqual(new Set(['shop', 'travel', 'desk']));
    expect(others.every(({ parent_anomaly_id: parent }) => parent === wide?.id)).toBe(true);
  });
  it.each([
    ['fails', { errorShare: 0.6 }],
    ['is slow', { slower: 4 }],
  ])('that %s in one of them, though most calls are of it, is put down to that service', (_, how) => {
    const all = found(TOOLS, { of: ({ service, tool: name }) => service === 'travel' && name === 'find', ...how });
    expect(all.length).toBeGreaterThan(0);
    expect(all.filter(isWide)).toEqual([]);
  });
});

describe('turns of all services', () => {
  it.each([
    ['end without an answer', { errorShare: 0.6 }, 'tenant.turn.unhelped', 'turn.unhelped'],
    ['cost more', { slower: 4 }, 'tenant.turn.cost', 'turn.cost'],
  ])('that %s are one anomaly that those of services name', (_, how, metric, narrow) => {
    const all = found(FLEET, { of: ({ provider }) => provider === undefined, ...how });
    const wide = all.filter((one) => one.metric === metric);
    expect(wide).toHaveLength(1);
    const services = all.filter((one) => one.metric === narrow);
    expect(services.length).toBeGreaterThan(1);
    expect(services.every(({ parent_anomaly_id: parent }) => parent === wide[0]?.id)).toBe(true);
  });
});

describe('traffic of all services', () => {
  // Five minutes each are one value.
  const LONG = { windows: 1_500, fault: 1_380 };
  const all = [turns('shop'), turns('travel', 5), turns('support')];
  const traffic = (loads: readonly Load[], trouble: Trouble): AnomalyRecord[] =>
    found(loads, trouble, 7, LONG).filter(({ metric }) => metric.endsWith('turn.count'));

  it.each([
    ['up', 5],
    ['down', 0.1],
  ])('that goes %s is one anomaly that those of services name', (direction, more) => {
    const anomalies = traffic(all, { of: () => true, more });
    const [wide, ...others] = anomalies.filter(isWide);
    expect(others).toEqual([]);
    expect(wide).toMatchObject({ metric: 'tenant.turn.count', direction, dimensions: {}, parent_anomaly_id: '' });
    const services = anomalies.filter((one) => !isWide(one));
    expect(services.length).toBeGreaterThan(0);
    expect(services.every(({ parent_anomaly_id: parent }) => parent === wide?.id)).toBe(true);
  });

  it.each([
    ['goes up', 6],
    ['goes down', 0.02],
  ])('is no news where that of one service %s, though most is of it', (_, more) => {
    const anomalies = traffic(all, { of: ({ service }) => service === 'travel', more });
    expect(anomalies.map(({ dimensions }) => dimensions)).toEqual([{ service_name: 'travel' }]);
  });
});

it('is no news when a provider is called by services with slow calls more than before', () => {
  const loads = [
    call('shop', 'gpt-4o-mini'),
    { ...call('travel', 'gpt-4o', 'openai', 1), median: 12_000 },
    call('desk', 'gpt-4o-mini', 'openai', 2),
  ];
  expect(found(loads, { of: ({ service }) => service === 'travel', more: 12 }).filter(isWide)).toEqual([]);
});

it('keeps few keys, and goes on after any restore as if there had been none', () => {
  const windows = measuresOf(FLEET, 420, PARTITIONS, 380, { of: ({ provider }) => provider === 'openai', errorShare: 0.8 });
  const scored = score(windows, PARTITIONS);
  const keys = scored.tasks.flatMap(({ state }) => [...state.keys()]);
  expect(scored.anomalies.some(({ record }) => isWide(record))).toBe(true);
  // Two providers, and turns, their cost and those without an answer.
  expect(scored.tasks.flatMap(({ state }) => [...state].filter(([key, value]) => key.startsWith('s/') && /"m":"(?:provider|tenant)\./.test(value.toString('latin1'))))).toHaveLength(5);
  expect(keys.filter((key) => key.startsWith('y/')).length).toBeLessThanOrEqual(2 * PARTITIONS);
  const topology = scorerService.open(scorerConfig.parse({}), { partitions: PARTITIONS });
  const last = scored.batches.map((batches) => batches.slice(0));
  for (const batches of last) {
    const cuts = batches.map((_, i) => i).filter((i) => i % 7 === 3 || i > 740);
    const digest = (texts: readonly string[]): string => createHash('sha256').update(texts.join('\n')).digest('hex');
    expect(digest(runWithRestores(topology, batches, cuts))).toBe(digest(runWithRestores(topology, batches, [])));
  }
}); // prettier-ignore
