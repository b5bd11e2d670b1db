import { searchFiles } from '@telltale/testkit';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStandalone } from '@telltale/app-standalone';
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
    // Old events make turns that are written before the import ends.
    const ts = new Date(Date.now() - 3_600_000).toISOString();
    const event = (id: string, more: object) => JSON.stringify({ kind: 'llm', ts, service_name: 'bot', name: 'chat', id, ...more }); // prettier-ignore
    const lines = [
      event('e1', {
        trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
        user_id: 'mia-4711',
        input: 'My name is Mia Rossi, write to mia@example.com',
      }),
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
    const [event] = await query<{ user_id: string; input: string }>("SELECT user_id, input FROM events WHERE input LIKE 'My name%'"); // prettier-ignore
    const email = /\[EMAIL~[a-p]{16}\]/.exec(event?.input ?? '')?.[0] ?? '';
    expect(await reveal(event?.user_id ?? '')).toMatchObject({ value: 'mia-4711' });
    // Once in her own event, once in one without a user.
    expect(await reveal(email)).toMatchObject({ value: 'mia@example.com', records: 2 });
    expect((await query<{ output: string }>("SELECT output FROM events WHERE output != ''"))[0]?.output).toBe(`sent to ${email}`);
    const found = searchFiles([home], [...SECRETS, CANARY]);
    expect(found.filter(({ needle }) => needle !== CANARY)).toEqual([]);
    expect(found.filter(({ file }) => file.endsWith('.bin'))).not.toEqual([]);
  });

  const scan = () => telltale('privacy', 'scan', '--json');

  it('are found by no scan for leaks, and what is planted is', async () => {
    expect(await query('SELECT input_preview FROM turns')).toMatchObject([{ input_preview: expect.stringContaining('My name is [PERSON~') as string }]); // prettier-ignore
    expect(await query('SELECT session_id FROM sessions')).toHaveLength(1);
    const clean = await scan();
    expect([clean.code, (JSON.parse(clean.out) as { rows: number; leaks: unknown[] }).leaks]).toEqual([0, []]);
    // Three events, their turn and its session.
    expect((JSON.parse(clean.out) as { rows: number }).rows).toBe(5);
    // A reason is typed by hand and never redacted.
    await telltale('detector', 'maintenance', 'add', '--for', '1h', '--reason', 'ask anna@example.com');
    const leaking = await scan();
    expect(leaking.code).toBe(1);
    expect(JSON.parse(leaking.out)).toMatchObject({
      leaks: [{ table: 'detector_overrides', column: 'reason', type: 'EMAIL', values: 1 }],
    });
    expect(leaking.out + leaking.err).not.toContain('anna@');
  });

  it('are found where turns and sessions repeat what was said', async () => {
    const ts = new Date().toISOString();
    const both = { tenant: 'default', revision: 1, first_minute: ts, expires_on: '2099-01-01' };
    const planted = {
      turns: { ...both, turn_id: 'planted-turn', ts, received_at: ts, duration_ms: 1, input_preview: 'call Anna Bianchi', error_type: 'no account of anna@example.com' },
      sessions: { ...both, session_id: 'planted-session', started_at: ts, ended_at: ts, turns: 1, input_preview: 'call Anna Bianchi' },
    }; // prettier-ignore
    const running = await startStandalone({ home, targets: ['insights'], port: 0, grpcPort: null, env: {}, quiet: true });
    for (const [table, row] of Object.entries(planted))
      await running.rows.insert({ table, rows: [JSON.stringify(row)], token: `planted ${table}`, comment: 'test' });
    await running.stop();
    const leaking = await scan();
    const { leaks } = JSON.parse(leaking.out) as { leaks: { table: string }[] };
    expect(leaks.filter(({ table }) => table !== 'detector_overrides')).toEqual([
      { table: 'turns', column: 'error_type', type: 'EMAIL', values: 1, rows: ['planted-turn'] },
      { table: 'turns', column: 'input_preview', type: 'PERSON', values: 1, rows: ['planted-turn'] },
      { table: 'sessions', column: 'input_preview', type: 'PERSON', values: 1, rows: ['planted-session'] },
    ]);
    expect(leaking.out + leaking.err).not.toMatch(/anna/i);
  });

  it('cannot be read any more once they are forgotten, in no copy; others can', async () => {
    const [mia] = await query<{ user_id: string; input: string }>("SELECT user_id, input FROM events WHERE input LIKE 'My name%'"); // prettier-ignore
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
