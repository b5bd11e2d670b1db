import { follow, type Followed, Refused, waitOf } from './follow';

const REQUEST = { method: 'GET', path: '/api/tail' } as const;
type Answer = { readonly status: number; readonly text: string } | Error;

/** Answers one after the other; after the last of them it is left. */
function newTestFollow(answers: readonly Answer[]) {
  const left = new AbortController();
  const said: string[] = [];
  let asked = 0;
  const followed: Followed = {
    onOpen: () => void said.push('open'),
    onEvents: (events) => void said.push(...events.map(({ data }) => data)),
    onBroken: (reason, ms) => void said.push(`${reason} ${ms}`),
    wait: () => {
      if (asked >= answers.length) left.abort();
      return Promise.resolve();
    },
    fetch: () => {
      const answer = answers[asked++] ?? new Error('too often');
      return answer instanceof Error
        ? Promise.reject(answer)
        : Promise.resolve(new Response(answer.text, { status: answer.status }));
    },
  };
  return { said, run: () => follow(REQUEST, followed, left.signal), asked: () => asked };
}
const event = (data: string): string => `event: event\ndata: ${data}\n\n`;

describe('following a stream', () => {
  it('opens it again when it ends, and hands on what comes of each', async () => {
    const test = newTestFollow([{ status: 200, text: event('1') }, { status: 200, text: event('2') + event('3') }]); // prettier-ignore
    await test.run();
    expect(test.said).toEqual(['open', '1', 'the server ended it 500', 'open', '2', '3', 'the server ended it 500']);
  });

  it('waits longer after each try that fails, and briefly again after one that does not', async () => {
    const down = new TypeError('fetch failed');
    const test = newTestFollow([down, down, down, { status: 200, text: '' }]);
    await test.run();
    const words = 'Telltale cannot be reached from here';
    expect(test.said).toEqual([`${words} 500`, `${words} 1000`, `${words} 2000`, 'open', 'the server ended it 500']);
    expect([1, 2, 5, 6, 60].map(waitOf)).toEqual([500, 1_000, 8_000, 15_000, 15_000]);
  });

  it('tries again where too many follow, in the words of the server', async () => {
    const test = newTestFollow([
      { status: 429, text: JSON.stringify({ error: { message: '50 tails are open', fix: 'close one' } }) },
    ]);
    await test.run();
    expect(test.said).toEqual(['50 tails are open; close one 500']);
  });

  it.each([400, 401, 403, 404])('does not try again after %i', async (status) => {
    const test = newTestFollow([{ status, text: JSON.stringify({ error: { message: 'no', fix: 'ask otherwise' } }) }]);
    await expect(test.run()).rejects.toEqual(new Refused('no; ask otherwise'));
    expect(test.asked()).toBe(1);
  });
});
