import { join } from 'node:path';
import {
  type AnomalyRecord,
  type CommandRecord,
  type DirectiveRecord,
  type DirectiveAckRow,
  directiveRecord,
  type DirectiveRow,
  TOPICS,
} from '@telltale/contracts';
import { isoTime } from '@telltale/kernel';
import { type OutputRecord } from '@telltale/streaming';
import { createRecordSigner } from '@telltale/adapter-crypto';
import { verbosityService, verbosityConfig } from './index';
import {
  describeWrittenState,
  newTestTask,
  newTestRecord,
  newTestSettingRecord,
  outputsOf,
  rowsOf,
  runWithRestores,
  type TestTask,
  type TestBatch,
} from '@telltale/streaming/testing';

const NOW = Date.parse('2026-03-02T12:00:00Z');
const config = verbosityConfig.parse({
  VERBOSITY_BOOST_TTL_MS: '10000',
  VERBOSITY_BOOST_MAX_MS: 15_000,
  VERBOSITY_COOLDOWN_MS: 5_000,
});
const signer = createRecordSigner(Buffer.alloc(32, 1));
const newSut = () => newTestTask(verbosityService.open(config, { signer }));

const anomaly = (name: string, change: Partial<AnomalyRecord> = {}): ReturnType<typeof newTestRecord> =>
  newTestRecord(TOPICS.anomalies.name, {
    tenant: 'acme', id: `a-${name}`, series_id: 's', metric: 'operation.duration', dimensions: { service_name: 'shop', kind: 'tool', name }, state: 'open',
    started_at: '2026-03-02T11:59:50.000Z', ended_at: null, direction: 'up', value: 4, expected: 1, expected_low: 1, expected_high: 2, score: 9, windows: 1,
    backfill: false, summary: `tool ${name} of shop took long`,
    kind: 'deviation', channel: 'value', peak_at: null, p_value: null, expected_false_per_day: null, parent_anomaly_id: '', in_maintenance: false, ...change,
  }); // prettier-ignore
const command = (change: object) =>
  newTestRecord(TOPICS.commands.name, {
    type: 'set_directive',
    tenant: 'acme',
    id: 'm',
    class: 'boost',
    target: { service_name: 'x' },
    set: { min_severity: 'debug' },
    ttl_ms: 3_000,
    reason: 'look',
    issued_by: 'ann',
    ...change,
  });
const ack = (directive_id: string, instance: string) =>
  newTestRecord(TOPICS.acks.name, {
    tenant: 'acme', received_at: '2026-03-02T12:00:01.000Z', instance, sdk: { name: 'telltale-python', version: '1.0' }, service_name: 'shop', set_hash: 'h', status: 'applied',
    directives: [{ id: directive_id, hits: 5, bytes: 700 }],
  }); // prettier-ignore
const rowStates = (effects: Parameters<typeof rowsOf>[0]) => rowsOf<DirectiveRow>(effects, 'directives').map((r) => r.state);

describe('the verbosity pipeline', () => {
  it('raises a directive on the control topic, and takes it away with a tombstone when its time is over', () => {
    const sut = newSut();
    const raised = sut.run({ now: NOW, records: [anomaly('search')] });
    const [directive] = outputsOf<DirectiveRecord>(raised, TOPICS.control.name);
    expect(directiveRecord.parse(directive)).toMatchObject({
      class: 'boost',
      set: { min_severity: 'debug', content: 'full', flush: true },
      expires_at: '2026-03-02T12:00:10.000Z',
    });
    const key = `acme/${directive?.id ?? ''}`;
    expect(raised.outputs[0]?.key).toBe(key);
    expect(rowStates(raised)).toEqual(['raised']);

    const acked = sut.run({
      now: NOW + 1_000,
      records: [ack(directive?.id ?? '', 'pod-1'), ack(directive?.id ?? '', 'pod-2'), ack('other', 'pod-1')],
    });
    expect(rowsOf<DirectiveAckRow>(acked, 'directive_acks').map(({ directive_id: id, instance, is_first: isFirst, hits }) => [id, instance, isFirst, hits])).toEqual([
      ['', 'pod-1', false, 0], [directive?.id, 'pod-1', true, 5], ['', 'pod-2', false, 0], [directive?.id, 'pod-2', true, 5], ['', 'pod-1', false, 0], ['other', 'pod-1', false, 5],
    ]); // prettier-ignore
    expect(sut.task.due(NOW + 9_999)).toBe(false);
    expect(sut.task.due(NOW + 10_000)).toBe(true);
    const over = sut.run({ now: NOW + 10_000, records: [] });
    expect(over.outputs).toEqual([signer.sign({ topic: TOPICS.control.name, partition: 0, key, value: null })]);
    expect(rowsOf<DirectiveRow>(over, 'directives')).toMatchObject([
      {
        id: directive?.id,
        state: 'expired',
        applied_by: 2,
        records: 10,
        bytes: 1_400,
        evidence_for: ['a-search'],
        changed_at: '2026-03-02T12:00:10.000Z',
      },
    ]);
    expect(sut.task.due(NOW + 60_000)).toBe(false);
  });

  it('raises nothing for history', () => {
    const effects = newSut().run({ now: NOW, records: [anomaly('search', { backfill: true })] });
    expect([effects.outputs, [...effects.rows], effects.state.size, effects.counts]).toEqual([[], [], 0, { backfill: 1 }]);
  });

  it('does what people say, and clears what it does not know', () => {
    const sut = newSut();
    expect(rowStates(sut.run({ now: NOW, records: [command({})] }))).toEqual(['raised']);
    expect(rowStates(sut.run({ now: NOW + 1, records: [command({ type: 'revoke_directive' })] }))).toEqual(['revoked']);
    const unknown = sut.run({ now: NOW + 2, records: [command({ type: 'revoke_directive', id: 'theirs' })] });
    expect([unknown.outputs, [...unknown.rows]]).toEqual([
      [signer.sign({ topic: TOPICS.control.name, partition: 0, key: 'acme/theirs', value: null })],
      [],
    ]);
    expect([...sut.state]).toEqual([]);
  });

  it('raises no more than the budget of the tenant, from its setting on', () => {
    const sut = newSut();
    const budget = newTestSettingRecord('verbosity_budget', 'acme', { max_boosts: 1 });
    const first = sut.run({
      now: NOW,
      records: [budget, anomaly('a'), anomaly('b'), anomaly('a', { tenant: 'other' }), anomaly('b', { tenant: 'other' })],
    });
    expect(outputsOf<DirectiveRecord>(first, TOPICS.control.name).map(({ tenant }) => tenant)).toEqual([
      'acme',
      'other',
      'other',
    ]);
    const more = sut.run({
      now: NOW + 1,
      records: [newTestSettingRecord('verbosity_budget', 'acme', { max_boosts: 2 }, { version: 2 }), anomaly('c')],
    });
    expect(rowStates(more)).toEqual(['raised']);
  });

  it('keeps tenants apart', () => {
    const sut = newSut();
    sut.run({ now: NOW, records: [anomaly('a'), anomaly('a', { tenant: 'other' })] });
    expect([...sut.state.keys()]).toEqual(['tenant/acme', 'tenant/other']);
  });

  it.each([
    ['an unknown command', command({ type: 'explode' }), 'invalid_field', 'type'],
    ['a lifetime of months', command({ ttl_ms: 9e9 }), 'invalid_field', 'ttl_ms'],
    ['a boost of days', command({ ttl_ms: 2 * 86_400_000 }), 'invalid_field', 'ttl_ms'],
    ['no JSON', newTestRecord(TOPICS.acks.name, 'secret'), 'undecodable', 'position'],
    ['an anomaly without a score', anomaly('a', { score: undefined as unknown as number }), 'invalid_field', 'score'],
  ] as const)('sends %s to the DLQ with its reason', (_, record, reason, named) => {
    const { rejections, outputs } = newSut().run({ now: NOW, records: [record] });
    expect(rejections).toMatchObject([{ reason, error: expect.stringContaining(named) as string, tenant: 'acme' }]);
    expect(rejections[0]?.error).not.toContain('secret');
    expect(outputs).toEqual([]);
  });

  describe('of what somebody writes to the control topic itself', () => {
    const directive = (change: object = {}) => ({
      tenant: 'acme', id: 'x', class: 'restrict', target: {}, set: { content: 'metadata' }, reason: 'quiet', issued_by: 'ann',
      issued_at: isoTime(NOW), expires_at: isoTime(NOW + 60_000), ...change,
    }); // prettier-ignore
    const write = (value: unknown, key: string | null = 'acme/x') => newTestRecord(TOPICS.control.name, value, key);
    const commandOf = (effects: ReturnType<TestTask['run']>) => outputsOf<CommandRecord>(effects, TOPICS.commands.name)[0];

    it('takes a directive as a command, and then writes it with its proof', () => {
      const sut = newSut();
      const adopted = sut.run({ now: NOW, records: [write(directive())] });
      expect(commandOf(adopted)).toMatchObject({
        type: 'set_directive',
        tenant: 'acme',
        id: 'x',
        ttl_ms: 60_000,
        issued_by: 'ann',
      });
      expect([adopted.outputs[0]?.key, adopted.rejections]).toEqual(['acme', []]);
      const [written] = sut.run({ now: NOW, records: [newTestRecord(TOPICS.commands.name, commandOf(adopted))] }).outputs;
      const asRead = { ...write(String(written?.value)), headers: written?.headers ?? {} };
      expect(signer.isSigned(asRead)).toBe(true);
      expect(sut.run({ now: NOW, records: [asRead] }).outputs).toEqual([]);
    });

    it('takes back what it wrote before and somebody writes again: a directive that was revoked, a tombstone of one in force', () => {
      const sut = newSut();
      const asRead = (output?: OutputRecord) => ({ ...write(null, output?.key ?? null), value: output?.value == null ? null : Buffer.from(output.value), headers: output?.headers ?? {} }); // prettier-ignore
      const [set] = sut.run({ now: NOW, records: [command({ id: 'x' })] }).outputs;
      const [revoked] = sut.run({ now: NOW, records: [command({ type: 'revoke_directive', id: 'x' })] }).outputs;
      expect(sut.run({ now: NOW, records: [asRead(set)] }).outputs).toEqual([revoked]);
      const [again] = sut.run({ now: NOW, records: [command({ id: 'x' })] }).outputs;
      expect(sut.run({ now: NOW, records: [asRead(revoked)] }).outputs).toEqual([again]);
      expect(sut.run({ now: NOW, records: [asRead(again)] }).outputs).toEqual([]);
    });

    it('refuses what has a signature that is not ours, and all of a tenant that wants it so', () => {
      const forged = { ...write(directive()), headers: { 'tt-mac': 'AAAA' } };
      const { rejections, outputs } = newSut().run({ now: NOW, records: [forged] });
      expect([rejections.map(({ error }) => error), outputs]).toEqual([
        [expect.stringContaining('tt-mac: is not the signature')],
        [],
      ]);
      const strict = newTestSettingRecord('verbosity_budget', 'acme', { max_boosts: 5, control_topic: 'refuse' });
      const refused = newSut().run({ now: NOW, records: [strict, write(directive())] });
      expect([refused.rejections.map(({ error }) => error), refused.outputs]).toEqual([[expect.stringContaining('takes no directives from this topic')], []]); // prettier-ignore
    });

    it('takes a tombstone as a command to revoke', () => {
      expect(commandOf(newSut().run({ now: NOW, records: [write(null)] }))).toMatchObject({ type: 'revoke_directive', id: 'x' });
    });

    it.each<[string, unknown, string]>([
      ['that would last for ever', directive({ expires_at: '2099-01-01T00:00:00.000Z' }), 'expires_at: lies more than 30 days'],
      [
        'that would raise detail for two days',
        directive({ class: 'boost', expires_at: isoTime(NOW + 2 * 86_400_000) }),
        'expires_at: lies more than 24 hours',
      ],
      ['that is over', directive({ expires_at: isoTime(NOW) }), 'expires_at: is over'],
      ["of another tenant's name", directive({ tenant: 'beta' }), 'must be those of the key'],
      ['of another id', directive({ id: 'y' }), 'must be those of the key'],
      ['whose target says what nobody looks at', directive({ target: { servce_name: 'shop' } }), 'target'],
      ['that changes nothing', directive({ set: {} }), 'set'],
      ['that keeps nothing', directive({ set: { keep: 0 } }), 'set.keep'],
      ['of a user without a salt', directive({ target: { user: { sha256: 'a'.repeat(64) } } }), 'target.user.salt'],
      ['that is no JSON', '{"tenant": "secret', 'not JSON'],
    ])('refuses one %s, and writes again what it was written over', (_, value, text) => {
      const sut = newSut();
      sut.run({ now: NOW, records: [command({ id: 'x' })] });
      const refused = sut.run({ now: NOW + 1, records: [write(value)] });
      expect(refused.rejections).toMatchObject([{ tenant: 'acme', step: 'adopt_directive', error: expect.stringContaining(text) as string }]); // prettier-ignore
      expect(JSON.stringify(refused.rejections[0]?.error)).not.toContain('secret');
      expect(refused.outputs).toEqual([
        signer.sign({ topic: TOPICS.control.name, partition: 0, key: 'acme/x', value: String(refused.outputs[0]?.value) }),
      ]);
      expect(outputsOf<DirectiveRecord>(refused, TOPICS.control.name)).toMatchObject([
        { id: 'x', set: { min_severity: 'debug' } },
      ]);
      expect(refused.rows.size).toBe(0);
    });

    it.each([null, 'acme', '/x', 'ACME/x', 'acme/'])('refuses one of the key %j, which nobody can have set', (key) => {
      const { rejections, outputs } = newSut().run({ now: NOW, records: [write(directive(), key)] });
      expect([rejections.map(({ error }) => error), outputs]).toEqual([[expect.stringContaining('key: must be')], []]);
    });
  });

  const batches: TestBatch[] = [
    [anomaly('a'), command({ id: 'm1' })],
    [anomaly('b')],
    [anomaly('a', { id: 'second' })],
    [ack('m1', 'pod')],
    [command({ id: 'm2', ttl_ms: 60_000 })],
    [anomaly('b', { id: 'second' })],
    [],
    [anomaly('c')],
    [],
  ].map((records, i) => ({ now: NOW + i * 2_500, records }));
  it('does the same when the task is lost and restored', () => {
    const whole = runWithRestores(verbosityService.open(config, { signer }), batches, []);
    for (let cut = 1; cut < batches.length; cut++)
      expect(runWithRestores(verbosityService.open(config, { signer }), batches, [cut])).toEqual(whole);
  });

  describeWrittenState(join(__dirname, 'state', 'written'), verbosityService.open(config, { signer }), {
    before: batches.slice(0, 4),
    after: batches.slice(4),
  });
});
