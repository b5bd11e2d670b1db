import { type EventRecord } from '@telltale/contracts';
import { decryptPseudonym, type PrivacyMode, type PseudonymRecord } from '@telltale/domain-privacy';
import { native, newTestEnricher, record } from '../enrich.fixture';
import { newTestSettingRecord } from '@telltale/streaming/testing';

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
  const { run, events } = newTestEnricher({ defaults: { privacy: mode } });
  const [event] = events(run([sent(of)]));
  if (!event) throw new Error('no event');
  return event;
}
const MODES: PrivacyMode[] = ['mask', 'pseudonymize', 'drop_content', 'metadata_only'];

describe('ids of people', () => {
  const RAW = 'customer_9620';
  const withId = (mode: PrivacyMode, user_id: string) =>
    stored(mode, {
      user_id,
      name: `look up ${RAW}`,
      input: [{ role: 'user', content: `I am ${RAW}` }],
      output: `{"found": "${RAW}"}`,
      tool: { name: 'find', arguments: `{"user_id": "${RAW}"}`, result: { owner: RAW, [RAW]: 1, rows: [{ customer_id: RAW }] } },
      error: { type: 'Refused', message: `no seat for ${RAW}`, stack: `Refused: ${RAW}\n    at run (/app/${RAW}.js:1:1)` },
      attributes: { 'gen_ai.prompt': `of ${RAW}`, 'enduser.id': RAW, 'url.path': `/users/${RAW}` },
    });

  it.each(MODES)('%s leaves none as it was, wherever it stands in the event', (mode) => {
    expect(JSON.stringify(withId(mode, RAW))).not.toContain(RAW);
    expect(JSON.stringify(withId(mode, ''))).not.toContain(RAW);
  });
  it('are replaced in later turns of the session that say them before they name anybody, also after a restart', () => {
    const first = newTestEnricher();
    const find = { name: 'find', arguments: { customer_id: RAW } };
    first.run([record(native({ id: '1', trace_id: 'a'.repeat(32), session_id: 's', tool: find, kind: 'tool' }))]);
    expect([...first.state.values()].some((value) => value.includes(RAW))).toBe(false);
    const { run, events } = newTestEnricher({}, first.state);
    const says = (id: string, turn: string, session_id: string, tenant = 'acme') =>
      JSON.stringify(
        events(
          run([record(native({ id, trace_id: turn.repeat(32), session_id, body: `order of ${RAW}`, kind: 'log' }), { headers: { 'tt-tenant': tenant } })]),
        ),
      ); // prettier-ignore
    expect(says('2', 'b', 's')).not.toContain(RAW);
    // An event of that turn that does not say which session it is of.
    expect(says('3', 'b', '')).not.toContain(RAW);
    expect(says('4', 'c', 'another')).toContain(RAW);
    expect(says('5', 'd', 's', 'other')).toContain(RAW);
  });
  it.each(MODES)('%s leaves none in an event of the turn that comes later and names nobody, also after a restart', (mode) => {
    const defaults = { privacy: mode };
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const first = newTestEnricher({ defaults });
    first.run([
      record(native({ id: '1', trace_id: trace, tool: { name: 'find', arguments: { customer_id: RAW } }, kind: 'tool' })),
    ]);
    expect([...first.state.values()].some((value) => value.includes(RAW))).toBe(false);
    const later = (tenant: string, of: Record<string, unknown>) => {
      const { run, events } = newTestEnricher({ defaults }, first.state);
      return JSON.stringify(
        events(run([record(native({ id: '2', trace_id: trace, kind: 'tool', ...of }), { headers: { 'tt-tenant': tenant } })])),
      );
    };
    const said = {
      name: `look up ${RAW}`, input: `no order of ${RAW}.`, output: [{ role: 'assistant', content: `It is ${RAW}` }], tool: { name: 'find', arguments: `for ${RAW}`, result: { [RAW]: [`of ${RAW}`] } },
      error: { type: 'Refused', message: `no seat for ${RAW}`, stack: `Refused: ${RAW}` }, attributes: { note: RAW },
    }; // prettier-ignore
    expect(later('acme', said)).not.toContain(RAW);
  });
  it('are not followed into another turn or tenant', () => {
    const { run, events } = newTestEnricher();
    const said = (trace: string, tenant: string, of: Record<string, unknown>) =>
      events(run([record(native({ kind: 'tool', trace_id: trace, ...of }), { headers: { 'tt-tenant': tenant } })]))[0];
    said('t1', 'acme', { id: '1', attributes: { customer_id: RAW } });
    expect(said('t2', 'acme', { id: '2', attributes: { note: RAW } })?.attributes['note']).toBe(RAW);
    expect(said('t1', 'other', { id: '3', attributes: { note: RAW } })?.attributes['note']).toBe(RAW);
    expect(said('t1', 'acme', { id: '4', attributes: { note: RAW } })?.attributes['note']).toMatch(/^u_[0-9a-f]{16}$/);
  });
  it('are replaced in all events of a turn that came together, whichever of them names the person', () => {
    const { run, events } = newTestEnricher();
    const of = (id: string, trace_id: string, rest: object) => native({ id, trace_id, kind: 'tool', ...rest });
    const [searched, , other] = events(
      run([
        record([
          of('a', 't1', { output: `orders of ${RAW}` }),
          of('b', 't1', { user_id: RAW }),
          of('c', 't2', { output: `orders of ${RAW}` }),
        ]),
      ]),
    );
    expect(searched?.output).toMatch(/^orders of u_[0-9a-f]{16}$/);
    // Nothing says what it is in a turn that names nobody.
    expect(other?.output).toBe(`orders of ${RAW}`);
  });
  it('all become the pseudonym that the event has for its user', () => {
    const event = withId('mask', RAW);
    expect(event.user_id).toMatch(/^u_[^_]{8,}$/);
    expect(event.tool_arguments).toBe(`{"user_id": "${event.user_id}"}`);
    expect(event.attributes['url.path']).toBe(`/users/${event.user_id}`);
    expect(event.error_message).toBe(`no seat for ${event.user_id}`);
  });
});

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
  it('pseudonymize gives one person one name, everywhere and again', () => {
    const first = stored('pseudonymize');
    const second = stored('pseudonymize', { output: 'it is for olivia@example.com' });
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
    const { run, events } = newTestEnricher({ defaults: { privacy: 'drop_content' } });
    const inputs = events(run([newTestSettingRecord('tenant', 'acme', { privacy: 'mask' }), record(native({ id: '1', input: 'hi' })), record(native({ id: '2', input: 'hi' }), { headers: { 'tt-tenant': 'other' } })])).map(({ tenant, input }) => [tenant, input]); // prettier-ignore
    expect(inputs).toEqual([['acme', 'hi'], ['other', '']]); // prettier-ignore
  });
});

describe('what pseudonyms stand for', () => {
  const pseudonymize = (mode: PrivacyMode = 'pseudonymize') => {
    const subjectKeys = { makeKeyOf: () => Buffer.alloc(32, 7) };
    return { subjectKeys, options: { defaults: { privacy: mode }, subjectKeys } };
  };
  it('is stored encrypted under the key of the user, once a range and value, the same when the range is repeated', () => {
    const { subjectKeys, options } = pseudonymize();
    const range = [sent({ id: 'a' }), sent({ id: 'b' }), sent({ id: 'c', user_id: undefined, user: undefined })];
    const { run, events } = newTestEnricher(options);
    const effects = run(range);
    const rows = (effects.rows.get('pseudonyms') ?? []).map(
      (row) => JSON.parse(String(row)) as PseudonymRecord & { expires_on: string },
    );
    const [first] = events(effects);
    const open = (row: PseudonymRecord) => decryptPseudonym(row, subjectKeys.makeKeyOf());
    const hers = rows.filter(({ subject }) => subject === first?.user_id).map(open);
    expect([...hers].sort()).toEqual(['415-555-2671', 'Olivia Petersen', 'Zqx', 'olivia', 'olivia@example.com']);
    // Where no user is named, each value is a subject of its own.
    const others = rows.filter(({ subject }) => subject !== first?.user_id);
    expect(others.length).toBe(hers.length - 1);
    for (const { subject, pseudonym } of others) expect(subject).toBe(pseudonym);
    expect(JSON.stringify(rows)).not.toMatch(/Olivia|example|Zqx/);
    expect(newTestEnricher(options).run(range).rows.get('pseudonyms')).toEqual(effects.rows.get('pseudonyms'));
    expect(run([sent({ id: 'd' })], Date.UTC(2026, 0, 31, 13)).rows.get('pseudonyms')).toHaveLength(hers.length);
  });
  it.each<PrivacyMode>(['mask', 'drop_content', 'metadata_only'])('is not kept at all where the mode is %s', (mode) => {
    expect(newTestEnricher(pseudonymize(mode).options).run([sent()]).rows.has('pseudonyms')).toBe(false);
  });
});
