import { loadConfig } from './config';
import { reportTargetOf, watchItselfConfig } from './watch-itself';

const targetOf = (env: Record<string, string>, hasOwnGateway = false) =>
  reportTargetOf(loadConfig(watchItselfConfig, env), hasOwnGateway);
const TENANT = { TELLTALE_WATCH_ITSELF: 'telltale' };
const URL_ = { TELLTALE_WATCH_ITSELF_URL: 'http://gateway:4318/' };
const KEY = { TELLTALE_WATCH_ITSELF_KEY: 'tt_local_1' };

describe('reports of own work', () => {
  it('are off without a tenant, whatever else is set', () => expect(targetOf({ ...URL_, ...KEY }, true)).toBeNull());
  it('go to the gateway in the process, or to the one that is named', () => {
    expect(targetOf(TENANT, true)).toEqual({ tenant: 'telltale', gateway: null });
    const gateway = { url: 'http://gateway:4318', key: 'tt_local_1' };
    expect(targetOf({ ...TENANT, ...URL_, ...KEY }, true)).toEqual({ tenant: 'telltale', gateway });
    expect(targetOf({ ...TENANT, ...URL_, ...KEY })).toEqual({ tenant: 'telltale', gateway });
  });
  it.each([
    [TENANT, 'TELLTALE_WATCH_ITSELF_URL is not set: TELLTALE_WATCH_ITSELF needs the address of a gateway'],
    [{ ...TENANT, TELLTALE_WATCH_ITSELF_URL: 'hunter2' }, 'TELLTALE_WATCH_ITSELF_URL is not an address'],
    [{ ...TENANT, ...URL_ }, 'TELLTALE_WATCH_ITSELF_KEY is not an API key: give one of the tenant telltale'],
    [{ ...TENANT, ...URL_, TELLTALE_WATCH_ITSELF_KEY: 'hunter2\n' }, 'TELLTALE_WATCH_ITSELF_KEY is not an API key'],
    [{ TELLTALE_WATCH_ITSELF: 'Hunter2!' }, 'TELLTALE_WATCH_ITSELF: is not a tenant; give a name'],
  ])('refuse %j in plain words, without the value', (env, said) => {
    expect(() => targetOf(env)).toThrow(said);
    expect(() => targetOf(env)).not.toThrow(/hunter2/i);
  });
});
