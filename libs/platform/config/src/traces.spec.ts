import { loadConfig, printConfig } from './config';
import { otlpTargetOf, tracesConfig } from './traces';

const targetOf = (env: Record<string, string>) => otlpTargetOf(loadConfig(tracesConfig, env));
const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

describe('own traces', () => {
  it.each([
    ['nothing is set', {}],
    ['only the variables of OpenTelemetry are, which other programs have', { ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: '=' }],
    ['those are wrong', { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' }],
  ])('are off where %s', (_what, env) => expect(targetOf(env)).toBeNull());

  it.each([
    [undefined, {}],
    ['authorization=Bearer%20a%3Db, x-tenant = acme ,', { authorization: 'Bearer a=b', 'x-tenant': 'acme' }],
    ['api-key=a=b', { 'api-key': 'a=b' }],
  ])('send the headers %j', (text, headers) => {
    const env = { TELLTALE_TRACES: 'otlp', ...ENDPOINT, ...(text !== undefined && { OTEL_EXPORTER_OTLP_HEADERS: text }) };
    expect(targetOf(env)).toEqual({ endpoint: 'http://collector:4318', headers });
  });

  it.each([
    [{}, 'OTEL_EXPORTER_OTLP_ENDPOINT is not set: TELLTALE_TRACES=otlp needs the address'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'hunter2:4317' }, 'OTEL_EXPORTER_OTLP_ENDPOINT is not an address; give http(s)://host:4318'],
    [
      { ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: 'hunter2' },
      'OTEL_EXPORTER_OTLP_HEADERS is not a list of headers; give name=value',
    ],
    [{ ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: 'a b=hunter2' }, 'OTEL_EXPORTER_OTLP_HEADERS is not a list of headers'],
    [{ ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: 'a=hunter2%' }, 'OTEL_EXPORTER_OTLP_HEADERS is not a list of headers'],
    [{ ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: 'a=%0d%0ahunter2: 1' }, 'OTEL_EXPORTER_OTLP_HEADERS is not a list of headers'],
    [{ ...ENDPOINT, TELLTALE_TRACES_RATIO: '2' }, 'TELLTALE_TRACES_RATIO: is above 1'],
  ])('refuse %j in plain words, without the value', (env, said) => {
    expect(() => targetOf({ TELLTALE_TRACES: 'otlp', ...env })).toThrow(said);
    expect(() => targetOf({ TELLTALE_TRACES: 'otlp', ...env })).not.toThrow(/hunter2/);
  });

  it('are printed without secrets', () => {
    const printed = printConfig({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://u:hunter2@host:4318?key=hunter2',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=hunter2',
    });
    expect(printed).toBe('OTEL_EXPORTER_OTLP_ENDPOINT=https://***@host:4318?***\nOTEL_EXPORTER_OTLP_HEADERS=(set)');
  });
});
