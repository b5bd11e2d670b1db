import { readSettings, startupLine } from './config';

const read = (env: Record<string, string>, options = {}) => readSettings(options, env, 'x');

describe('settings', () => {
  it('come from options, then the environment, then their defaults', () => {
    const { settings, problems } = read(
      {
        TELLTALE_SERVICE: 'env',
        TELLTALE_KEEP: '0.5',
        TELLTALE_MIN_SEVERITY: 'DEBUG',
        TELLTALE_REDACT: 'off',
        OTEL_SERVICE_NAME: 'otel',
      },
      { service: 'option' },
    );
    expect(problems).toEqual([]);
    expect(settings).toMatchObject({ service: 'option', keep: 0.5, minSeverity: 'debug', redact: false, content: 'full', disabled: false, slowTurnMs: 30_000 }); // prettier-ignore
    expect(settings.instance).toMatch(/^.+\/\d+\/x$/);
  });

  it('take the name of OpenTelemetry where none is given', () => {
    expect(read({ OTEL_SERVICE_NAME: 'otel' }).settings.service).toBe('otel');
  });

  it.each([
    ['TELLTALE_DISABLED', 'maybe', 'give 1 or 0'],
    ['TELLTALE_QUEUE_ITEMS', '0', 'give a number from 1 to 1000000'],
    ['TELLTALE_RING_BYTES', 'many', 'give a number from 0 to 67108864'],
    ['TELLTALE_CONTENT', 'half', 'is none of its values'],
    ['TELLTALE_URL', 'ftp://x', 'give an http or https address; nothing is sent'],
  ])('%s=%s is reported with the fix', (name, value, fix) => {
    expect(read({ [name]: value }).problems).toEqual([`${name}: ${fix}`]);
  });

  it('are reported without the key, and without the password of the address', () => {
    const { settings } = read({ TELLTALE_URL: 'https://user:pass@tt.example/base/', TELLTALE_API_KEY: 'tt_private' });
    expect(startupLine(settings, '1')).toBe(
      'telltale 1: url=https://tt.example key=set service=unknown_service minSeverity=info keep=1 content=full redact=true control=true slowTurnMs=30000 ringBytes=262144 queueItems=10000 queueBytes=33554432 flushIntervalMs=1000',
    );
  });
});
