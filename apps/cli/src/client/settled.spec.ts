import { type Client } from './http-client';
import { visible } from './settled';

/** A client that answers one lag of the enricher after the other, then none. */
function newTestClient(lags: readonly number[]) {
  const left = [...lags];
  const client = { api: { listTopics: () => Promise.resolve({ topics: [{ lag: { enricher: left.shift() ?? 0 } }] }) } };
  return { client: client as unknown as Client, left };
}

describe('waiting until all can be queried', () => {
  it('goes on while a group stands still with a record that it has not read, and while it looks idle between two', async () => {
    const { client, left } = newTestClient([1, 1, 1, 1, 1, 1, 0, 0, 2]);
    await visible(client, new AbortController().signal);
    expect(left).toEqual([]);
  });

  it('ends when it is asked to', async () => {
    const { client, left } = newTestClient([1, 1, 1]);
    const stop = new AbortController();
    const waiting = visible(client, stop.signal);
    stop.abort();
    await waiting;
    expect(left).toHaveLength(2);
  });

  it('gives up where nothing has moved for a minute, and says who has not read what', async () => {
    const topics = [{ name: 'telltale.events.v1', lag: { costs: 100, turns: 0 } }];
    const client = { api: { listTopics: () => Promise.resolve({ topics }) } } as unknown as Client;
    let time = 0;
    expect(await visible(client, new AbortController().signal, () => (time += 20_000))).toBe(
      '100 of telltale.events.v1 for costs',
    );
  });
});
