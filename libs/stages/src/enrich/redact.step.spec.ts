import { type EventRecord } from '@telltale/contracts';
import { type PrivacyMode } from '@telltale/domain-privacy';
import { native, newTestEnricher, record } from './enrich.fixture';

const PHONE = '415-555-2671';
const said = `Olivia Petersen, call ${PHONE} or write to olivia@example.com`;
const sent = (of: Record<string, unknown> = {}) =>
  record(
    native({
      kind: 'tool', name: `look up ${PHONE}`, user_id: 'olivia', input: [{ role: 'user', content: said }], output: said, trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      tool: { name: 'find', arguments: { first_name: 'Zqx', email: 'olivia@example.com', order: '4111111111111112' }, result: { rows: [said] } },
      error: { type: 'Refused', message: `no seat for Olivia Petersen`, stack: `Refused: ${said}\n    at Martin.run (/app/x.js:1:1)` },
      attributes: { 'gen_ai.prompt': said, 'http.route': '/x', links: [{ attributes: { to: 'olivia@example.com' } }], 'session.token': 'abc' }, ...of,
    }),
  ); // prettier-ignore

function stored(mode: PrivacyMode, of: Record<string, unknown> = {}): EventRecord {
  const { run, events } = newTestEnricher({ privacyOf: () => ({ mode }) });
  const [event] = events(run([sent(of)]));
  if (!event) throw new Error('no event');
  return event;
}
const MODES: PrivacyMode[] = ['mask', 'pseudonymise', 'drop_content', 'metadata_only'];

describe('the modes of a tenant', () => {
  it.each(MODES)('%s lets nothing planted through, whichever field it lies in', (mode) => {
    expect(JSON.stringify(stored(mode))).not.toMatch(/Olivia|Petersen|example\.com|Zqx|2671|"abc"/);
  });
  it('mask puts placeholders, and leaves ids and numbers that pass no check', () => {
    const event = stored('mask');
    expect(event.input).toBe('[{"role":"user","content":"[PERSON], call [PHONE] or write to [EMAIL]"}]');
    expect(event.tool_arguments).toBe('{"first_name":"[PERSON]","email":"[EMAIL]","order":"4111111111111112"}');
    expect(event.error_stack).toBe('Refused: [PERSON], call [PHONE] or write to [EMAIL]\n    at Martin.run (/app/x.js:1:1)');
    expect(event.trace_id).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(event.attributes).toMatchObject({ 'http.route': '/x', 'session.token': '[SECRET]' });
  });
  it('pseudonymise gives one person one name, everywhere and again', () => {
    const first = stored('pseudonymise');
    const second = stored('pseudonymise', { output: 'it is for olivia@example.com' });
    const [email] = /\[EMAIL~[a-p]{16}\]/.exec(first.output) ?? [];
    expect(email).toBeDefined();
    for (const field of [first.input, first.tool_arguments, first.tool_result, first.error_stack, second.output])
      expect(field).toContain(email);
    expect(first.attributes['session.token']).toBe('[SECRET]');
  });
  it('drop content keeps errors and attributes that are none', () => {
    const event = stored('drop_content');
    expect([event.input, event.output, event.tool_arguments, event.tool_result, event.body]).toEqual(['', '', '', '', '']);
    expect(event.error_message).toBe('no seat for [PERSON]');
    expect(event.attributes).toEqual({ 'http.route': '/x', 'session.token': '[SECRET]' });
  });
  it('metadata alone keeps what an event is', () => {
    const event = stored('metadata_only');
    expect(event).toMatchObject({
      kind: 'tool',
      tool_name: 'find',
      error_type: 'Refused',
      error_message: '',
      error_stack: '',
      input: '',
      attributes: {},
    });
    expect(event.duration_ms).toBe(5);
  });
  it('are chosen by tenant', () => {
    const { run, events } = newTestEnricher({ privacyOf: (tenant) => ({ mode: tenant === 'acme' ? 'mask' : 'drop_content' }) });
    const inputs = events(run([record(native({ id: '1', input: 'hi' })), record(native({ id: '2', input: 'hi' }), { headers: { 'tt-tenant': 'other' } })])).map(({ tenant, input }) => [tenant, input]); // prettier-ignore
    expect(inputs).toEqual([['acme', 'hi'], ['other', '']]); // prettier-ignore
  });
});
