import { type VolumeRecord } from '@telltale/contracts';
import { MINUTE_MS } from '@telltale/kernel';
import { decide, NO_DIRECTIVES, VERBOSITY_RULES, type VerbosityRules, type VerbosityState } from '.';

const NOW = Date.parse('2026-03-02T12:00:00Z');
const RULES = { ...VERBOSITY_RULES, bytesPerMinute: 1_000 };

const volume = (bytes: Readonly<Record<string, number>>): VolumeRecord => ({
  tenant: 'acme',
  at: '2026-03-02T12:00:00.000Z',
  volumes: Object.entries(bytes).map(([service_name, size]) => ({
    service_name,
    verbosity_level: 'normal',
    events: 1,
    bytes: size,
  })),
});

/** What services would send in each minute; SDKs obey what is in force. Answers the shares kept in each. */
function run(minutes: readonly Readonly<Record<string, number>>[], rules: VerbosityRules = RULES): { kept: Record<string, number>[]; changes: string[]; state: VerbosityState } {
  let state: VerbosityState = NO_DIRECTIVES;
  const changes: string[] = [];
  const kept = minutes.map((demand, minute) => {
    const keep = Object.fromEntries(state.inForce.map(({ directive }) => [directive.target.service_name ?? '', directive.set.keep ?? 1]));
    const sent = Object.fromEntries(Object.entries(demand).map(([name, bytes]) => [name, bytes * (keep[name] ?? 1)]));
    const decision = decide(state, { type: 'volume', volume: volume(sent) }, NOW + minute * MINUTE_MS, rules);
    for (const effect of decision.effects) if (effect.type === 'changed') changes.push(`${minute} ${effect.change} ${effect.active.directive.target.service_name ?? ''}`);
    state = decision.state;
    return keep;
  });
  return { kept, changes, state };
} // prettier-ignore
const times = (n: number, demand: Readonly<Record<string, number>>) => Array.from({ length: n }, () => demand);

describe('a tenant that sends more than its verbosity budget', () => {
  it('keeps a share of the turns of its largest service, within two minutes, and its others whole', () => {
    const { kept, changes } = run(times(6, { big: 4_000, small: 200 }));
    expect(changes).toEqual(['1 raised big']);
    expect(kept[2]).toEqual({ big: 0.2 });
  });

  it('shares the budget among services that are as large', () => {
    const { kept } = run(times(3, { a: 2_000, b: 2_000 }));
    expect(kept[2]).toEqual({ a: 0.25, b: 0.25 });
  });

  it('has the relief renewed while it is needed, and ended five minutes after it is not', () => {
    const { changes } = run([...times(20, { big: 4_000 }), ...times(20, { big: 500 })]);
    expect(changes.slice(0, 2)).toEqual(['1 raised big', '12 extended big']);
    const ended = changes.at(-1)?.split(' ') ?? [];
    expect(ended.slice(1)).toEqual(['revoked', 'big']);
    expect(Number(ended[0])).toBeGreaterThanOrEqual(22);
    expect(Number(ended[0])).toBeLessThanOrEqual(32);
  });

  it('is left as it is while its volume moves by less than the dead band', () => {
    const { changes } = run(Array.from({ length: 10 }, (_, i) => ({ big: 4_000 * (i % 2 === 0 ? 1.1 : 0.9) })));
    expect(changes).toEqual(['1 raised big']);
  });

  it('is cut further at once when it sends more', () => {
    const { changes, kept } = run([...times(4, { big: 2_000 }), ...times(4, { big: 20_000 })]);
    expect(changes[0]).toBe('1 raised big');
    expect(changes[1]).toMatch(/^5 extended big/);
    expect(kept.at(-1)?.['big']).toBeLessThan(0.1);
  });

  it.each([
    ['within its budget', { ...RULES, bytesPerMinute: 10_000 }],
    ['without one', { ...RULES, bytesPerMinute: null }],
    ['of the mode monitor', { ...RULES, mode: 'monitor' as const }],
  ])('is not cut %s', (_, rules) => expect(run(times(5, { big: 4_000 }), rules).changes).toEqual([]));

  it('is followed by service, a hundred of them at most, and twenty are cut', () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`s${i}`, 100]));
    const { state } = run(times(3, many));
    expect(Object.keys(state.volume?.mean ?? {}).length).toBeLessThanOrEqual(101);
    expect(state.inForce.length).toBe(20);
  });
});
