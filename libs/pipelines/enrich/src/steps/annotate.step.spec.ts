import { newTestEnricher, native, record, T } from '../enrich.fixture';

const body = (...events: Record<string, unknown>[]) => record(events);
const call = (id: string, content: string, of: Record<string, unknown> = {}) =>
  native({ id, request_model: 'gpt-4o', input: [{ role: 'user', content }], ...of });
const tool = (id: string, args: unknown, of: Record<string, unknown> = {}) =>
  native({ id, kind: 'tool', name: 'book', tool: { name: 'book', arguments: args }, ...of });
const turn = (of: Record<string, unknown> = {}) => native({ id: 'turn', kind: 'turn', name: 'turn', trace_id: 't1', ...of });

describe('what events mean', () => {
  it('calls of models carry what tells the same and nearly the same prompt', () => {
    const long = 'You are a travel agent. Look up the reservation before you promise anything and tell the fee in dollars: ';
    const { run, events } = newTestEnricher();
    const [a, b, c, d] = events(
      run([body(call('1', `${long}50`), call('2', `${long}50`), call('3', `${long}75`), call('4', `${long}50`, { request_model: 'o3' }))]),
    ); // prettier-ignore
    expect(a!.prompt_hash).toMatch(/^[0-9a-f]{16}$/);
    expect([b!.prompt_hash === a!.prompt_hash, c!.prompt_hash === a!.prompt_hash, d!.prompt_hash === a!.prompt_hash]).toEqual([true, false, false]); // prettier-ignore
    expect(c!.prompt_simhash).toBe(a!.prompt_simhash);
    expect([a!.tool_call_hash, a!.intent, a!.turn_outcome]).toEqual(['', '', '']);
  });
  it('calls of tools carry what tells the same call again, whatever the order of its arguments', () => {
    const { run, events } = newTestEnricher();
    const [a, b, c] = events(run([body(tool('1', { from: 'A', to: 'B' }), tool('2', { to: 'B', from: 'A' }), tool('3', { to: 'C', from: 'A' }))])); // prettier-ignore
    expect(a!.tool_call_hash).toMatch(/^[0-9a-f]{16}$/);
    expect([b!.tool_call_hash === a!.tool_call_hash, c!.tool_call_hash === a!.tool_call_hash]).toEqual([true, false]);
  });
  it('turns carry the language and the intent of the request, reported without what was masked', () => {
    const { run, events } = newTestEnricher();
    const said = 'Please cancel the flight of mia.rossi@example.com, I would like the money back';
    const [event] = events(run([body(turn({ input: [{ role: 'system', content: 'Du bist ein Bot' }, { role: 'user', content: said }] }))])); // prettier-ignore
    expect(event).toMatchObject({ language: 'en', intent: 'cancel flight', intent_matched_terms: ['cancel', 'flight'] });
  });
  it('requests without a known verb fall together also after a takeover', () => {
    const before = newTestEnricher();
    const [first] = before.events(before.run([body(turn({ input: 'visa embassy passport' }))]));
    const after = newTestEnricher({}, before.state);
    const [second] = after.events(after.run([body(turn({ id: 'again', input: 'passport, visa, embassy?' }))], T + 1));
    expect(second!.intent).toBe(first!.intent);
    expect(second!.intent).toMatch(/^like: /);
  });

  it.each([
    ['answered', [], { input: 'hi', output: 'Hello, here it is.' }, 'turn'],
    ['error', [], { input: 'hi', status: 'error', error: { type: 'Timeout' } }, 'turn'],
    ['transferred', [tool('tr', {}, { tool: { name: 'transfer_to_human_agents' }, trace_id: 't1' })], { output: 'You will be called.' }, 'tr'],
    ['refused', [call('l', 'x', { trace_id: 't1', finish_reasons: ['content_filter'] })], { input: 'x' }, 'l'],
    ['abandoned', [tool('x', {}, { trace_id: 't1' })], { input: 'hi' }, ''],
    ['unknown', [], {}, ''],
  ])('turns say how they ended and which event tells it: %s', (outcome, earlier, of, by) => {
    const before = newTestEnricher();
    before.run([body(...earlier)]);
    const after = newTestEnricher({}, before.state);
    const [event] = after.events(after.run([body(turn(of))], T + 1));
    expect([event!.turn_outcome, event!.turn_outcome_event_id]).toEqual([outcome, by]);
    expect(event!.turn_outcome_reason).not.toBe('');
  }); // prettier-ignore
  it('what was kept for a turn is dropped once the turn is reported', () => {
    const { run, state } = newTestEnricher();
    run([body(tool('x', {}, { trace_id: 't1' }))]);
    expect([...state.keys()].filter((key) => key.startsWith('turn/'))).toHaveLength(1);
    run([body(turn())], T + 1);
    expect([...state.keys()].filter((key) => key.startsWith('turn/'))).toEqual([]);
  });

  it('log lines carry the id of their template; one that another takes in says so', () => {
    const log = (line: string) => native({ kind: 'log', name: 'log', body: line, id: line });
    const { run, events } = newTestEnricher();
    const names = ['ann', 'bob', 'cid', 'dan', 'eve'];
    const first = run([body(...names.map((name) => log(`job of ${name} finished well`)))]);
    const ids = events(first).map(({ log_template_id: id }) => id);
    expect(new Set(ids).size).toBe(names.length);
    const second = run([body(log('job of fay finished well'), log('job of zoe finished well'))], T + 1);
    const rows = (second.rows.get('log_templates') ?? []).map((row) => JSON.parse(row) as Record<string, unknown>);
    const merged = rows.filter(({ merged_into: into }) => into !== '');
    expect(merged.map(({ template_id: id }) => id)).toEqual(ids.slice(1));
    expect(new Set(merged.map(({ merged_into: into }) => into))).toEqual(new Set([ids[0]]));
    expect(events(second).at(-1)).toMatchObject({ log_template_id: ids[0], log_template: 'job of <*> finished well' });
  });
});
