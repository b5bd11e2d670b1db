import { type AnomalyRecord } from '@telltale/contracts';
import { decide, NO_DIRECTIVES, nothing, type VerbosityEvent, type VerbosityState } from '.';
import { anomaly, NOW, play, RULES, set } from './decide.fixture';

describe('whom a boost is raised for', () => {
  const of = (service: string, name: string, change: Partial<AnomalyRecord> = {}): VerbosityEvent =>
    anomaly(`${service} ${name}`, { dimensions: { service_name: service, kind: 'tool', name }, ...change });
  const targets = ({ inForce }: VerbosityState): unknown[] => inForce.map(({ directive }) => directive.target);

  it('gives a service that has none a place of one that has two, and tells what it takes back', () => {
    const { state, changes, reasons } = play([0, of('a', 'x')], [0, of('a', 'y')], [0, of('b', 'z')], [0, of('c', 'w')]);
    expect(targets(state)).toEqual([
      { service_name: 'a', tool_name: 'x' },
      { service_name: 'b', tool_name: 'z' },
    ]);
    expect(changes).toEqual(['raised', 'raised', 'revoked', 'raised', 'suppressed']);
    expect(reasons.at(-1)).toBe('suppressed');
  });

  it('replaces boosts of parts by one of the whole, and raises none of a part of it', () => {
    const whole = anomaly('all', { dimensions: { service_name: 'a', kind: 'tool' }, metric: 'turn.duration' });
    const { state, reasons } = play([0, of('a', 'x')], [0, of('a', 'y')], [0, whole], [0, of('a', 'z')]);
    expect([targets(state), reasons.at(-1)]).toEqual([[{ service_name: 'a' }], 'covered']);
  });

  it('raises nothing for what is explained by the anomaly that a boost rests on, and does not extend it when it is reported again', () => {
    const cause = of('a', 'x', { id: 'cause' });
    const follows = anomaly('turns', {
      metric: 'turn.error_ratio',
      dimensions: { service_name: 'a' },
      parent_anomaly_id: 'cause',
    });
    const { state, reasons } = play([0, cause], [1, follows], [2, cause]);
    expect([targets(state), reasons]).toEqual([[{ service_name: 'a', tool_name: 'x' }], ['raised', 'explained', 'in_force']]);
  });

  it('tells what it would raise in the mode monitor, once, and does nothing in the mode never', () => {
    const monitor = { ...RULES, mode: 'monitor' } as const;
    const first = decide(NO_DIRECTIVES, anomaly(), NOW, monitor);
    expect([first.effects, first.state.inForce]).toMatchObject([[{ change: 'monitored' }], []]);
    expect(decide(first.state, anomaly(), NOW + 1, monitor).reason).toBe('resting');
    expect(decide(NO_DIRECTIVES, anomaly(), NOW, { ...RULES, mode: 'never' })).toEqual(nothing(NO_DIRECTIVES, 'switched_off'));
  });

  it('limits automatic boosts, but not what people set', () => {
    const { reasons } = play([0, anomaly('a')], [0, anomaly('b')], [0, anomaly('c')], [0, set('m')]);
    expect(reasons).toEqual(['raised', 'raised', 'suppressed', 'set_by_hand']);
  });
});
