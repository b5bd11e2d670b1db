import { TOPICS } from '@telltale/contracts';
import { replayOf } from './dead-letters';

describe('the replay of a dead letter', () => {
  const letter = (topic: string) => ({ topic: TOPICS.dlq.name, partition: 0, offset: 3, key: 'k', value: Buffer.from('sealed'), timestampMs: 0, headers: { 'tt-tenant': 'acme', 'x-dlq-topic': topic, 'x-dlq-reason': 'too_large' } }); // prettier-ignore

  it.each([
    ['what a service read', TOPICS.raw.name],
    ['what it could not write for another service', TOPICS.events.name],
    ['what it could not write for people', TOPICS.alerts.name],
  ])('goes to where it came from or was meant for: %s', (_, topic) => {
    expect(replayOf(letter(topic))).toEqual({ topic, key: 'k', value: Buffer.from('sealed'), headers: { 'tt-tenant': 'acme' } });
  });

  it.each([TOPICS.dlq.name, TOPICS.scorerState.name, TOPICS.settings.name, 'table:events', 'somebody.else'])(
    'goes never to %s',
    (topic) => {
      expect(replayOf(letter(topic))).toBeNull();
    },
  );
});
