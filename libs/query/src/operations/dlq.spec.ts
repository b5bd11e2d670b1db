import { TOPICS } from '@telltale/contracts';
import { createSettings, createSettingStore } from '@telltale/settings';
import { newTestSecrets } from '@telltale/settings/testing';
import { type LogRecord } from '@telltale/streaming';
import { fakeBroker } from '@telltale/testkit';
import { type AskContext } from '../define/definition';
import { encodeCursor } from '../define/cursor';
import { listDeadLetters } from './dlq';
import { noReplay } from '../detection/backtest/no-replay.fixture';

const letter = (partition: number, offset: number, timestampMs: number, reason = 'undecodable', tenant = 'acme'): LogRecord => ({
  topic: TOPICS.dlq.name, partition, offset, timestampMs, key: null, value: Buffer.from('sealed'), headers: { 'tt-tenant': tenant, 'x-dlq-reason': reason },
}); // prettier-ignore

interface Page {
  readonly total: number;
  readonly by_reason: Readonly<Record<string, number>>;
  readonly dead_letters: readonly { readonly id: string }[];
  readonly next_cursor?: string;
}

/** The list of acme over a DLQ that the test adds to. */
function newTestList(...letters: LogRecord[]) {
  const clock = { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() };
  const broker = fakeBroker({ newest: (_, limit) => Promise.resolve(letters.slice(-limit)) });
  const context: AskContext = {
    tenant: 'acme', grant: { name: 'test', scopes: ['read'] }, settings: createSettings(createSettingStore(), broker, clock, newTestSecrets()), rows: { query: () => Promise.resolve([]) }, broker, clock,
    priceOf: () => null,
    replay: noReplay,
    reprice: () => Promise.reject(new Error('not part of this test')),
  }; // prettier-ignore
  const ask = async (given: object): Promise<Page> => (await listDeadLetters.ask?.({ ...given }, context)) as Page;
  async function pages(given: object, onPage: () => void = () => undefined): Promise<string[][]> {
    const seen: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = await ask({ ...given, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(page.dead_letters.map(({ id }) => id));
      cursor = page.next_cursor;
      onPage();
    } while (cursor !== undefined);
    return seen;
  }
  return { letters, ask, pages };
}
const LETTERS = [letter(0, 1, 100), letter(1, 7, 100), letter(0, 2, 100), letter(1, 8, 200, 'too_large'), letter(0, 3, 300), letter(0, 4, 400, 'undecodable', 'evil')]; // prettier-ignore

describe('the list of dead letters', () => {
  it('comes page by page, the newest first, each once, also where times are equal', async () => {
    const { pages } = newTestList(...LETTERS);
    expect(await pages({ limit: 2 })).toEqual([['0-3', '1-8'], ['1-7', '0-2'], ['0-1']]);
    expect(await pages({ limit: 5 })).toHaveLength(1);
  });

  it('counts all of them on every page', async () => {
    const { ask } = newTestList(...LETTERS);
    const first = await ask({ limit: 3 });
    expect(first).toMatchObject({ total: 5, by_reason: { undecodable: 4, too_large: 1 } });
    expect(await ask({ limit: 3, cursor: first.next_cursor })).toMatchObject({ total: 5, dead_letters: [{}, {}] });
  });

  it('is not moved by letters that come meanwhile', async () => {
    const { letters, pages } = newTestList(...LETTERS);
    let offset = 10;
    expect((await pages({ limit: 1 }, () => letters.push(letter(1, offset++, 900)))).flat()).toEqual([
      '0-3',
      '1-8',
      '1-7',
      '0-2',
      '0-1',
    ]);
  });

  it('of one reason comes in pages, too', async () => {
    const { pages } = newTestList(...LETTERS);
    expect(await pages({ limit: 3, reason: 'undecodable' })).toEqual([['0-3', '1-7', '0-2'], ['0-1']]);
  });

  it.each([
    ['of another list', encodeCursor('listTurns', { period: null, values: [1, 2, 3] })],
    ['that is none', 'nonsense'],
    ['of texts', encodeCursor('listDeadLetters', { period: null, values: ['a', 'b', 'c'] })],
  ])('refuses a cursor %s', async (_, cursor) => {
    await expect(newTestList(...LETTERS).ask({ cursor })).rejects.toMatchObject({ code: 'invalid', parameter: 'cursor' });
  });
});
