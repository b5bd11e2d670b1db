import { newTestEnricher, native, record, T } from '../enrich.fixture';

const body = (...events: Record<string, unknown>[]) => record(events);
const call = (id: string, content: string, of: Record<string, unknown> = {}) =>
  native({ id, request_model: 'gpt-4o', input: [{ role: 'user', content }], ...of });
const tool = (id: string, args: unknown, of: Record<string, unknown> = {}) =>
  native({ id, kind: 'tool', name: 'book', tool: { name: 'book', arguments: args }, ...of });

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
    expect(a!.tool_call_hash).toBe('');
  });
  it('calls of tools carry what tells the same call again, whatever the order of its arguments', () => {
    const { run, events } = newTestEnricher();
    const [a, b, c] = events(run([body(tool('1', { from: 'A', to: 'B' }), tool('2', { to: 'B', from: 'A' }), tool('3', { to: 'C', from: 'A' }))])); // prettier-ignore
    expect(a!.tool_call_hash).toMatch(/^[0-9a-f]{16}$/);
    expect([b!.tool_call_hash === a!.tool_call_hash, c!.tool_call_hash === a!.tool_call_hash]).toEqual([true, false]);
  });
  it('calls of models carry a keyed chain over the blocks of their prompt, as it came', () => {
    const { run, events } = newTestEnricher();
    const system = 'You are a travel agent. '.repeat(100);
    const [a, b, short] = events(
      run([body(call('1', `${system} mia.rossi@example.com`), call('2', `${system} ann@example.com`), call('3', 'hi'))]),
    );
    expect(a!.prompt_block_hashes.length).toBeGreaterThanOrEqual(2);
    expect(b!.prompt_block_hashes.slice(0, 2)).toEqual(a!.prompt_block_hashes.slice(0, 2));
    expect(short!.prompt_block_hashes).toEqual([]);
    const other = newTestEnricher({ pseudonymKeyOf: () => Buffer.from('another key') });
    const [elsewhere] = other.events(other.run([body(call('1', system))]));
    expect(elsewhere!.prompt_block_hashes[0]).not.toBe(a!.prompt_block_hashes[0]);
  });
  it('calls of models carry hashes of the conversation that they continue, where neither session nor user is named', () => {
    const { run, events } = newTestEnricher();
    const answered = (id: string, given: readonly string[], answer: string, of: Record<string, unknown> = {}) =>
      native({ id, input: given.map((content, i) => ({ role: i % 2 === 0 ? 'user' : 'assistant', content })), output: [{ role: 'assistant', content: answer }], ...of });
    const [first, next, named, known] = events(run([body(
      answered('1', ['I am mia.rossi@example.com'], 'Hello.'), answered('2', ['I am mia.rossi@example.com', 'Hello.', 'Bye'], 'Bye.'),
      answered('3', ['hi'], 'Hello.', { session_id: 's' }), answered('4', ['hi'], 'Hello.', { user_id: 'mia-4711' }),
    )])).map((event) => event.conversation_hashes);
    expect(first).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/), '', expect.stringMatching(/^[0-9a-f]{16}$/)]);
    expect(next).toEqual([first?.[0], first?.[2], expect.stringMatching(/^[0-9a-f]{16}$/)]);
    expect([named, known]).toEqual([[], []]);
    const other = newTestEnricher({ pseudonymKeyOf: () => Buffer.from('another key') });
    const [elsewhere] = other.events(other.run([body(answered('1', ['I am mia.rossi@example.com'], 'Hello.'))]));
    expect(elsewhere?.conversation_hashes[0]).not.toBe(first?.[0]);
  }); // prettier-ignore

  it('log lines carry the id of their template; one that another takes in says so', () => {
    const log = (line: string) => native({ kind: 'log', name: 'log', body: line, id: line });
    const { run, events } = newTestEnricher();
    const names = ['ann', 'bob', 'cid', 'dan', 'eve'];
    const first = run([body(...names.map((name) => log(`job of ${name} finished well`)))]);
    const ids = events(first).map(({ log_template_id: id }) => id);
    expect(new Set(ids).size).toBe(names.length);
    const second = run([body(log('job of fay finished well'), log('job of zoe finished well'))], T + 1);
    const rows = (second.rows.get('log_templates') ?? []).map((row) => JSON.parse(String(row)) as Record<string, unknown>);
    const merged = rows.filter(({ merged_into: into }) => into !== '');
    expect(merged.map(({ template_id: id }) => id)).toEqual(ids.slice(1));
    expect(new Set(merged.map(({ merged_into: into }) => into))).toEqual(new Set([ids[0]]));
    expect(events(second).at(-1)).toMatchObject({ log_template_id: ids[0], log_template: 'job of <*> finished well' });
  });

  it('names of users are known after a restart, and decide the second value of a key', () => {
    const log = (line: string) => record(native({ kind: 'log', name: 'log', body: line, id: line }));
    const before = newTestEnricher();
    before.run([log('session of user mia ended'), log('login failed uid=0 user=mia')]);
    const after = newTestEnricher({}, before.state);
    const [event] = after.events(after.run([log('login failed uid=0 user=leo')], T + 1));
    expect(event).toMatchObject({ log_template: 'login failed uid=<*> user=<*>' });
  });
});
