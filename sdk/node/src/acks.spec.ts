import { startAcks } from './acks';
import { newTestClock } from './clock.fixture';
import { createInForce } from './directives/in-force';
import { UnreadableSet } from './directives/read-set';
import { newTestTransport, settled } from './transport.fixture';

function newTestAcks() {
  const clock = newTestClock();
  const transport = newTestTransport();
  const inForce = createInForce(
    { minRank: 2, keep: 1, content: 'full' },
    { service: 'shop', environment: '', serviceVersion: '' },
    clock,
  );
  const suppressed = { records: 0, bytes: 0 };
  const sdk = { name: 'telltale-node', version: '1' };
  const acks = startAcks({
    transport,
    clock,
    inForce,
    suppressed,
    instance: 'h/1/a',
    service: 'shop',
    sdk,
    requestTimeoutMs: 1_000,
  });
  const reported = () => transport.calls.map(({ body }) => JSON.parse(String(body)) as Record<string, unknown>);
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await settled();
  };
  return { acks, clock, transport, inForce, suppressed, reported, pass };
}

describe('what was done', () => {
  it('is reported at once when a set was applied, and every 10 s', async () => {
    const { acks, inForce, suppressed, reported, pass } = newTestAcks();
    await pass(60_000);
    expect(reported()).toEqual([]);
    inForce.apply({ hash: 'h1', directives: [] });
    acks.applied();
    await settled();
    const ack = { instance: 'h/1/a', sdk: { name: 'telltale-node', version: '1' }, service_name: 'shop', set_hash: 'h1', status: 'applied', error: '', directives: [], suppressed: { records: 0, bytes: 0 } }; // prettier-ignore
    expect(reported()).toEqual([ack]);
    suppressed.records = 5;
    suppressed.bytes = 50;
    await pass(9_999);
    expect(reported()).toHaveLength(1);
    await pass(1);
    await pass(10_000);
    expect(reported().slice(1)).toEqual([{ ...ack, suppressed: { records: 5, bytes: 50 } }, ack]);
  });

  it('is reported of a set that was refused', async () => {
    const { acks, reported } = newTestAcks();
    acks.failed(new UnreadableSet('directives[0].id', 'must be text', 'h2'));
    await settled();
    expect(reported()).toEqual([
      expect.objectContaining({ set_hash: 'h2', status: 'failed', error: 'directives[0].id must be text' }),
    ]);
  });

  it('is reported again where the gateway did not hear it', async () => {
    const { acks, transport, suppressed, reported, pass } = newTestAcks();
    suppressed.records = 3;
    transport.replies.push({ status: 503 }, new Error('away'));
    acks.applied();
    await settled();
    suppressed.records += 1;
    await pass(10_000);
    await pass(10_000);
    await pass(10_000);
    expect(reported().map(({ suppressed: one }) => (one as { records: number }).records)).toEqual([3, 4, 4, 0]);
  });

  it('is reported when a directive ends by itself', async () => {
    const { acks, inForce, reported, pass } = newTestAcks();
    const directive = { id: 'd1', class: 'boost', priority: 0, version: 1, target: { hasUnknownField: false }, set: { flush: true }, limits: {} } as const; // prettier-ignore
    inForce.apply({ hash: 'h1', directives: [{ ...directive, livesMs: 3_000 }, { ...directive, id: 'd2', livesMs: 4_000 }] }); // prettier-ignore
    acks.applied();
    await settled();
    await pass(2_999);
    expect(reported()).toHaveLength(1);
    await pass(1);
    expect(reported()).toHaveLength(2);
    await pass(1_000);
    expect(reported()).toHaveLength(3);
  });

  it('is reported one at a time', async () => {
    const { acks, reported } = newTestAcks();
    for (let n = 0; n < 5; n++) acks.applied();
    await settled();
    expect(reported()).toHaveLength(2);
  });
});
