import { eventsOf } from './server-events';

const stream = async function* (...chunks: string[]) {
  for (const chunk of chunks) yield await Promise.resolve(new TextEncoder().encode(chunk));
};

it('reads events across chunks and skips comments', async () => {
  const events = [];
  for await (const event of eventsOf(
    stream(': hello\n\nevent: ev', 'ent\ndata: {"a":1}\n', '\nevent: skipped\r\ndata: {"count":2}\r\n\r\n', 'data: unfinished'),
  ))
    events.push(event);
  expect(events).toEqual([
    { event: 'event', data: '{"a":1}' },
    { event: 'skipped', data: '{"count":2}' },
  ]);
});
