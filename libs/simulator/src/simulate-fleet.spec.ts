import { nativeEvent, type NativeEvent } from '@telltale/contracts';
import { createSession } from './session';
import { EVENTS_PER_SESSION, simulateFleet, type SimulationOptions } from './simulate-fleet';
import { FLEET } from './fleet';
import { withLuhnDigit } from './people';
import { createRandom } from './random';
import { median } from 'simple-statistics';

const START = Date.parse('2026-11-22T00:00:00Z');
const HOUR = 3_600_000;
const run = (options: Partial<SimulationOptions> = {}): NativeEvent[] => [
  ...simulateFleet({ seed: 7, start: START, end: START + 6 * HOUR, eventsPerDay: 20_000, ...options }),
];
const timeOf = (event: NativeEvent): number => Date.parse(String(event.ts));

describe('simulateFleet', () => {
  it('gives the same events for the same seed and others for another', () => {
    expect(run()).toEqual(run());
    expect(run()[0]).not.toEqual(run({ seed: 8 })[0]);
  });

  it('yields in order of time, between start and end', () => {
    const times = run().map(timeOf);
    expect(times.every((time, i) => i === 0 || time >= (times[i - 1] ?? 0))).toBe(true);
    expect(times[0]).toBeGreaterThanOrEqual(START);
    expect(times.at(-1)).toBeLessThan(START + 6 * HOUR);
  });

  it('says only what the contract takes', () => {
    for (const event of run()) expect(nativeEvent.safeParse(event).error).toBeUndefined();
  });

  it('has every service, tool and model in a day', () => {
    const events = run({ end: START + 24 * HOUR });
    const seen = (pick: (event: NativeEvent) => string | undefined) =>
      new Set(events.map(pick).filter((value) => value !== undefined));
    expect(seen((e) => e.service_name).size).toBe(3);
    expect(seen((e) => e.tool?.name).size).toBe(12);
    expect(seen((e) => e.request_model).size).toBe(4);
    expect([...seen((e) => e.kind)].sort()).toEqual(['feedback', 'llm', 'log', 'retrieval', 'tool', 'turn']);
    expect(events.some((e) => e.kind === 'tool' && e.status === 'error')).toBe(true);
    expect(events.some((e) => (e.attributes?.['attempt'] ?? 1) !== 1)).toBe(true);
    expect(JSON.stringify(events)).toMatch(/@example\.com.*/);
  });

  it('keeps the asked amount per day within a tenth', () => {
    const events = run({ end: START + 24 * HOUR, eventsPerDay: 40_000 }).length;
    expect(events / 40_000).toBeGreaterThan(0.9);
    expect(events / 40_000).toBeLessThan(1.1);
  });

  it('keeps the asked even rate from the first second on', () => {
    const events = run({ end: START + 60_000, ratePerSecond: 60 });
    expect(events.length / 60).toBeGreaterThan(50);
    expect(events.length / 60).toBeLessThan(70);
    expect(events.filter((event) => timeOf(event) < START + 10_000).length).toBeGreaterThan(400);
  });

  it('is busier by day than by night', () => {
    const events = run({ end: START + 24 * HOUR });
    const within = (from: number) =>
      events.filter((e) => timeOf(e) >= START + from * HOUR && timeOf(e) < START + (from + 2) * HOUR).length;
    expect(within(14)).toBeGreaterThan(2 * within(2));
  });

  it('slows the planted tool in the planted time only', () => {
    const fault = {
      kind: 'slow_tool',
      service: 'support-bot',
      tool: 'search_orders',
      from: START + 2 * HOUR,
      to: START + 4 * HOUR,
      factor: 8,
    } as const;
    const events = run({ faults: [fault] }).filter((e) => e.tool?.name === 'search_orders');
    const within = (from: number, to: number) =>
      events.filter((e) => timeOf(e) >= START + from * HOUR && timeOf(e) < START + to * HOUR);
    const typical = (list: NativeEvent[]) => median(list.map((e) => e.duration_ms ?? 0));
    expect(typical(within(2, 4)) / typical(within(0, 2))).toBeGreaterThan(5);
    expect(typical(within(4, 6)) / typical(within(0, 2))).toBeLessThan(1.5);
  });

  it('multiplies the tokens of the planted service in the planted time', () => {
    const fault = {
      kind: 'cost_jump',
      service: 'shop-assistant',
      from: START + 3 * HOUR,
      to: START + 6 * HOUR,
      factor: 6,
    } as const;
    const tokens = (service: string, from: number, to: number) =>
      median(
        run({ faults: [fault] })
          .filter(
            (e) => e.service_name === service && e.usage && timeOf(e) >= START + from * HOUR && timeOf(e) < START + to * HOUR,
          )
          .map((e) => e.usage?.input_tokens ?? 0),
      );
    expect(tokens('shop-assistant', 3, 6) / tokens('shop-assistant', 0, 3)).toBeGreaterThan(4);
    expect(tokens('support-bot', 3, 6) / tokens('support-bot', 0, 3)).toBeLessThan(1.3);
  });

  it('poisons every nth event when asked', () => {
    const events = run({ poisonEvery: 100 });
    const bad = events.filter((e) => JSON.stringify(e).length > 400_000);
    expect(bad.length).toBe(Math.floor(events.length / 100));
  });

  it('knows how many events a session has', () => {
    const random = createRandom(1);
    let events = 0;
    for (let i = 0; i < 1_000; i++) for (const service of FLEET) events += createSession(random, service, START, []).length;
    expect(events / 3_000 / EVENTS_PER_SESSION).toBeCloseTo(1, 1);
  });
});

it.each([
  ['411111111111111', '4111111111111111'],
  ['7992739871', '79927398713'],
])('completes %s to %s', (digits, whole) => expect(withLuhnDigit(digits)).toBe(whole));
