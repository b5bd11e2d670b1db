import { fieldOf, findingOf, hrefOfRecord, whatOf } from './record';

describe('a record', () => {
  it.each([
    [{ kind: 'log', severity: 'warn', body: 'slow\n\tdisk' }, 'warn slow disk'],
    [{ kind: 'tool', tool_name: 'refund', name: 'x', error_type: 'Timeout', error_message: 'after 3 s' }, 'refund · Timeout: after 3 s'],
    [{ kind: 'turn', name: 'chat', input_preview: 'where is my order' }, 'chat · where is my order'],
    [{ kind: 'llm', request_model: 'gpt-4o' }, 'gpt-4o'],
  ])('%j says %j', (record, what) => {
    expect(whatOf(record)).toBe(what);
  }); // prettier-ignore

  it('is cut where it is long, whatever it holds', () => {
    expect(fieldOf({ name: 'x'.repeat(9_000) }, 'name')).toHaveLength(400);
    expect([fieldOf({ a: { b: 1 } }, 'a'), fieldOf({ a: null }, 'a'), findingOf({ title: 'slow' })]).toEqual([
      '{"b":1}',
      '',
      'slow',
    ]);
  });

  it.each([
    ['events', { kind: 'tool', trace_id: 't/1', span_id: 's 1' }, '/turns/t%2F1?op=s+1'],
    ['events', { kind: 'turn', trace_id: 't1', span_id: 's1' }, '/turns/t1'],
    ['events', { session_id: '../x' }, '/sessions/..%2Fx'],
    ['events', { kind: 'log' }, null],
    ['incidents', { id: 'i1' }, '/incidents/i1'],
    ['alerts', { id: 'a1', incident_id: 'i1' }, '/incidents/i1'],
  ] as const)('of %s %j opens %j', (of, record, href) => {
    expect(hrefOfRecord(of, record)).toBe(href);
  });
});
