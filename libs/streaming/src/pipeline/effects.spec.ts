import { TOPICS } from '@telltale/contracts';
import { type Rejection } from '../processor/task-processor';
import { createEffects } from './effects';

describe('the effects of a batch', () => {
  it('are outputs and rows in the order in which they were added, rows by table', () => {
    const effects = createEffects();
    effects.output(TOPICS.events, 'k', 'first');
    effects.row('events', '1');
    effects.row('turns', '2');
    effects.write({ topic: 'own', key: null, value: 'second', partition: 4 });
    effects.row('events', '3');
    const { outputs, rows } = effects.done();
    expect(outputs).toEqual([
      { topic: 'telltale.events.v1', key: 'k', value: 'first' },
      { topic: 'own', key: null, value: 'second', partition: 4 },
    ]);
    expect(rows).toEqual(new Map([['events', ['1', '3']], ['turns', ['2']]])); // prettier-ignore
  });

  it('are the last of the changes of a key and of a gauge, and the sum of a count', () => {
    const effects = createEffects();
    effects.state('a', '1');
    effects.state('a', null);
    effects.gauge('open', 3);
    effects.gauge('open', 2);
    effects.count('seen');
    effects.count('seen', 4);
    effects.count('lost', 0);
    const { state, gauges, counts } = effects.done();
    expect({ state, gauges, counts }).toEqual({ state: new Map([['a', null]]), gauges: { open: 2 }, counts: { seen: 5 } });
  });

  it('have rejections, and a release where one was given', () => {
    const effects = createEffects();
    const rejection = { reason: 'undecodable' } as Rejection;
    const release = (): void => undefined;
    effects.reject(rejection);
    expect(effects.done(release)).toMatchObject({ rejections: [rejection], release });
    expect(Object.keys(createEffects().done())).not.toContain('release');
  });
});
