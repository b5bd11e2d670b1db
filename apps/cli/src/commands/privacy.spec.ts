import { newTestCli, runAlone } from '../test-cli.fixture';

const said = 'My name is Mia Rossi, my user_id=mia_4711. Is it raining in Lisbon?';
interface Tried {
  readonly mode: string;
  readonly stored: string | null;
}

describe('what is stored of a text', () => {
  it('is shown for each mode, without a running Telltale', async () => {
    const { code, out } = await runAlone({}, 'privacy', 'try', said, '--json');
    const tried = out.trim().split('\n').map((line) => JSON.parse(line) as Tried); // prettier-ignore
    const of = (mode: string) => tried.find((one) => one.mode === mode)?.stored;
    expect(code).toBe(0);
    expect(of('mask')).toMatch(/^My name is \[PERSON\], my user_id=u_[a-p]{16}\. Is it raining in Lisbon\?$/);
    expect(of('strict')).toMatch(/in \[PLACE\]\?$/);
    expect(of('secrets_only')).toMatch(/^My name is Mia Rossi, my user_id=u_[a-p]{16}\. /);
    expect(of('pseudonymize')).toMatch(/^My name is \[PERSON~[a-p]{16}\]/);
    expect([of('drop_content'), of('metadata_only')]).toEqual([null, null]);
  });
  it('is shown for one mode, which must be one', async () => {
    expect((await runAlone({}, 'privacy', 'try', said, '--mode', 'strict')).out.trim().split('\n')).toHaveLength(1);
    expect(await runAlone({}, 'privacy', 'try', said, '--mode', 'none')).toMatchObject({ code: 2, out: '' });
  });
});

describe('the policy of a tenant', () => {
  const policy = async (answer: object, env: Record<string, string> = {}) => {
    const cli = await newTestCli(({ url }) => (url.startsWith('/api/privacy/policy') ? { body: answer } : {}), env);
    const { out, err, code } = await cli.run('privacy', 'policy', '--json');
    await cli.close();
    return code === 0 ? (JSON.parse(out) as object) : err;
  };
  it('is its setting, with what it keeps otherwise', async () => {
    expect(await policy({ privacy: 'strict', privacy_types: { ip: 'keep' } })).toMatchObject({
      mode: 'strict', from: 'setting', content: 'kept', types: { person: 'masked', place: 'masked', ip: 'kept', user_id: 'pseudonym', secret: 'masked' },
    }); // prettier-ignore
  });
  it('is the default where it has none', async () => {
    expect(await policy({})).toMatchObject({ mode: 'mask', from: 'default', types: { person: 'masked', place: 'kept' } });
    expect(await policy({}, { ENRICHER_DEFAULT_PRIVACY_MODE: 'drop_content' })).toMatchObject({
      content: 'dropped',
      details: 'kept',
    });
    expect(await policy({}, { ENRICHER_DEFAULT_PRIVACY_MODE: 'nothing' })).toContain('is no mode');
  });
});
