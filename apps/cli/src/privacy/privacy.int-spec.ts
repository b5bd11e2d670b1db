import { searchFiles } from '@telltale/testkit';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAlone } from '../test-cli.fixture';

jest.setTimeout(120_000);
const SECRETS = ['mia@example.com', 'olga@example.com', 'mia-4711', 'Mia Rossi'];
/** Words that no rule masks: a search that misses them could not have found a secret either. */
const CANARY = 'the heron waits beside the quiet river';

/** People's data over embedded storage: sent, stored as pseudonyms, turned back, forgotten. */
describe('people in a tenant that wants pseudonyms', () => {
  let home = '';
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'telltale-privacy-'));
    const event = (id: string, more: object) => JSON.stringify({ kind: 'llm', ts: new Date().toISOString(), service_name: 'bot', name: 'chat', id, ...more }); // prettier-ignore
    const lines = [
      event('e1', { user_id: 'mia-4711', input: 'My name is Mia Rossi, write to mia@example.com' }),
      event('e2', { user_id: 'olga-1', input: `Olga here: olga@example.com, ${CANARY}` }),
      event('e3', { output: 'sent to mia@example.com' }),
    ];
    writeFileSync(join(home, 'events.ndjson'), lines.join('\n'));
    expect(await telltale('import', join(home, 'events.ndjson'), '--format', 'ndjson', '--json')).toMatchObject({ code: 0 });
    rmSync(join(home, 'events.ndjson'));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 3 }));

  /** Each call is a process of its own, as far as data and keys are concerned. */
  const telltale = (...args: string[]) =>
    runAlone({ TELLTALE_HOME: home, ENRICHER_DEFAULT_PRIVACY_MODE: 'pseudonymize' }, ...args);
  const query = async <T>(sql: string): Promise<T[]> => (await telltale('query', sql, '--json')).out.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line) as T); // prettier-ignore
  const reveal = async (pseudonym: string) => JSON.parse((await telltale('privacy', 'reveal', pseudonym, '--json')).out) as { value: string | null; records: number }; // prettier-ignore

  it('are stored under pseudonyms that can be turned back, and nothing raw lies anywhere', async () => {
    const [event] = await query<{ user_id: string; input: string }>("SELECT user_id, input FROM events WHERE user_id != '' AND input LIKE '%PERSON%'"); // prettier-ignore
    const email = /\[EMAIL~[a-p]{16}\]/.exec(event?.input ?? '')?.[0] ?? '';
    expect(await reveal(event?.user_id ?? '')).toMatchObject({ value: 'mia-4711' });
    // Once in her own event, once in one without a user.
    expect(await reveal(email)).toMatchObject({ value: 'mia@example.com', records: 2 });
    expect((await query<{ output: string }>("SELECT output FROM events WHERE output != ''"))[0]?.output).toBe(`sent to ${email}`);
    const found = searchFiles([home], [...SECRETS, CANARY]);
    expect(found.filter(({ needle }) => needle !== CANARY)).toEqual([]);
    expect(found.filter(({ file }) => file.endsWith('.bin'))).not.toEqual([]);
  });

  it('are found by no scan for leaks, and what is planted is', async () => {
    const scan = async () => await telltale('privacy', 'scan', '--json');
    const clean = await scan();
    expect([clean.code, (JSON.parse(clean.out) as { rows: number; leaks: unknown[] }).leaks]).toEqual([0, []]);
    expect((JSON.parse(clean.out) as { rows: number }).rows).toBeGreaterThan(2);
    // A reason is typed by hand and never redacted.
    await telltale('detector', 'maintenance', 'add', '--for', '1h', '--reason', 'ask anna@example.com');
    const leaking = await scan();
    expect(leaking.code).toBe(1);
    expect(JSON.parse(leaking.out)).toMatchObject({
      leaks: [{ table: 'detector_overrides', column: 'reason', type: 'EMAIL', values: 1 }],
    });
    expect(leaking.out + leaking.err).not.toContain('anna@');
  });

  it('cannot be read any more once they are forgotten, in no copy; others can', async () => {
    const [mia] = await query<{ user_id: string; input: string }>("SELECT user_id, input FROM events WHERE input LIKE '%PERSON%' AND user_id != ''"); // prettier-ignore
    const [olga] = await query<{ input: string }>("SELECT input FROM events WHERE input LIKE '%here%'");
    const emailOf = (input = ''): string => /\[EMAIL~[a-p]{16}\]/.exec(input)?.[0] ?? '';
    const forgotten = await telltale('privacy', 'forget', 'mia-4711', '--user', '--json');
    expect([forgotten.code, JSON.parse(forgotten.out)]).toMatchObject([0, { subject: mia?.user_id, forgotten: 2 }]);
    expect([await reveal(mia?.user_id ?? ''), await reveal(emailOf(mia?.input))]).toMatchObject([{ value: null, records: 1 }, { value: null, records: 2 }]); // prettier-ignore
    expect(await reveal(emailOf(olga?.input))).toMatchObject({ value: 'olga@example.com' });
    const again = await telltale('privacy', 'forget', mia?.user_id ?? '');
    expect([again.code, again.out]).toEqual([1, expect.stringContaining('there is no key')]);
    expect(existsSync(join(home, 'keys', 'subjects'))).toBe(true);
  });

  it.each([
    [['forget', 'mia@example.com'], 'a user id of your own goes with --user'],
    [['reveal', "x' OR 1"], 'is no pseudonym'],
    [['scan', '--since', 'long'], 'give a number and a unit'],
  ])('%j is refused with what to do', async (args, fix) => {
    const { code, err } = await telltale('privacy', ...args);
    expect([code, err]).toEqual([2, expect.stringContaining(fix)]);
  });
});
