import { type EdgesRecord, edgesRecord, TOPICS } from '@telltale/contracts';
import { countUsers, decodeUsers } from '@telltale/domain-metrics';
import { type BatchEffects } from '@telltale/streaming';
import { outputsOf, runWithRestores, type TestBatch } from '@telltale/streaming/testing';
import { turnsConfig } from '../config';
import { turnsService } from '../service';
import { eventRecordOf, newTestEvent, newTurnsTask, QUIET, T } from '../turns.fixture';

const edgesOf = (effects: BatchEffects): EdgesRecord[] =>
  outputsOf<unknown>(effects, TOPICS.edges.name).map((one) => edgesRecord.parse(one));

/** A turn of `front` whose agent asks a model, and a tool of the service `back`. */
function turnOf(id: string, { user = '', failed = false, offset = 0 } = {}) {
  const of = { trace_id: id, user_id: user, session_id: id, service_version: '1.1', deployment_environment: 'production', feature_flags: { fast: 'on' } };
  const events = [
    { ...of, id: `${id}-root`, kind: 'agent' as const, name: 'plan', span_id: `${id}r`, parent_span_id: '', service_name: 'front', status: failed ? ('error' as const) : ('ok' as const), offset },
    { ...of, id: `${id}-llm`, kind: 'llm' as const, name: 'chat', span_id: `${id}l`, parent_span_id: `${id}r`, service_name: 'front', response_model: 'm1', provider: 'acme-ai', cost_nano_usd: 7, offset: offset + 1 },
    { ...of, id: `${id}-tool`, kind: 'tool' as const, name: 'stock', span_id: `${id}t`, parent_span_id: `${id}r`, service_name: 'back', status: failed ? ('error' as const) : ('ok' as const), error_fingerprint: failed ? 'f1' : '', offset: offset + 2 },
  ];
  return events.map((event, i) => eventRecordOf(newTestEvent(event), i));
} // prettier-ignore

describe('what turns called', () => {
  it('is published by tenant and minute: turns, how they ended, users, cost, operations and who called whom', () => {
    const sut = newTurnsTask();
    sut.run({
      now: T,
      records: [...turnOf('a', { user: 'u1' }), ...turnOf('b', { user: 'u2', failed: true }), ...turnOf('c', { user: 'u1' })],
    });
    const effects = sut.run({ now: T + QUIET, records: [] });
    const [record] = edgesOf(effects);
    expect(effects.outputs.filter(({ topic }) => topic === TOPICS.edges.name).map(({ key }) => key)).toEqual(['acme']);
    expect(record).toMatchObject({
      tenant: 'acme', source: 'telltale.turns/0', minute: new Date(T).toISOString(),
      services: [{ service: 'front', turns: 3, bad_turns: 1, cost_nano_usd: 21, fingerprints: [{ fingerprint: 'f1', bad_turns: 1 }], versions: ['1.1\tproduction'], flags: ['fast=on'] }],
      operations: [
        { service: 'back', operation: 'tool stock', turns: 3, bad_turns: 1, model: '' },
        { service: 'front', operation: 'agent plan', turns: 3, bad_turns: 1 },
        { service: 'front', operation: 'llm chat', turns: 3, bad_turns: 1, model: 'm1', provider: 'acme-ai' },
      ],
      edges: [
        { service: 'front', caller: 'agent plan', callee_service: 'back', callee: 'tool stock', calls: 3, errors: 1 },
        { service: 'front', caller: 'agent plan', callee_service: 'front', callee: 'llm chat', calls: 3, errors: 0 },
        { service: 'front', caller: 'turn', callee_service: 'front', callee: 'agent plan', calls: 3, errors: 1 },
      ],
    }); // prettier-ignore
    expect(
      [record?.services[0]?.users, record?.operations[0]?.users].map((users = '') => countUsers(decodeUsers(users))),
    ).toEqual([2, 2]);
  });

  it('is held for ten seconds, and no revision counts again', () => {
    const sut = newTurnsTask();
    sut.run({ now: T, records: turnOf('a') });
    const first = edgesOf(sut.run({ now: T + QUIET, records: turnOf('b', { offset: 1_000 }) }));
    const late = newTestEvent({ trace_id: 'a', id: 'late', kind: 'tool', name: 'stock', offset: 9, service_name: 'back' });
    const held = edgesOf(sut.run({ now: T + QUIET + 2_000, records: [eventRecordOf(late, 9)] }));
    const rest = edgesOf(sut.run({ now: T + 2 * QUIET + 2_000, records: [] }));
    expect([first, held, rest].map((records) => records.map(({ services }) => services[0]?.turns))).toEqual([[1], [], [1]]);
  });

  it('is the same when the task is lost and restored after any batch', () => {
    const batches: TestBatch[] = Array.from({ length: 8 }, (_, i) => ({
      now: T + i * 17_000,
      records:
        i < 4
          ? [
              ...turnOf(`x${i}`, { user: `u${i}`, offset: i * 17_000 }),
              ...turnOf(`y${i}`, { failed: i % 2 === 0, offset: i * 17_000 }),
            ]
          : [],
    }));
    const topology = turnsService.open(turnsConfig.parse({}), { measurePartitions: 1 });
    const whole = runWithRestores(topology, batches, []);
    for (let cut = 1; cut < batches.length; cut++) expect(runWithRestores(topology, batches, [cut])).toEqual(whole);
    expect(whole.join()).toContain(TOPICS.edges.name);
  });

  it('has the operations that most turns called, where there are more than fit', () => {
    const sut = newTurnsTask();
    const tools = (trace: string, from: number, many: number) =>
      Array.from({ length: many }, (_, i) => eventRecordOf(newTestEvent({ trace_id: trace, id: `${trace}-${i}`, kind: i === 0 ? 'agent' : 'tool', name: `t${from + i}`, parent_span_id: '', offset: i })));
    sut.run({ now: T, records: Array.from({ length: 10 }, (_, i) => [...tools(`a${i}`, 40 * i, 40), ...tools(`b${i}`, 0, 5)]).flat() });
    const [record] = edgesOf(sut.run({ now: T + QUIET, records: [] }));
    expect(record?.operations).toHaveLength(200);
    expect(record?.operations.find(({ operation }) => operation === 'tool t4')?.turns).toBe(11);
  }); // prettier-ignore
});
