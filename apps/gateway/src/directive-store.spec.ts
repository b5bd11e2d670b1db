import { type DirectiveRecord, TOPICS } from '@telltale/contracts';
import { createDirectiveStore } from './directive-store';
import { newTestGateway, NOW } from './gateway.fixture';

const TENANTS = Array.from({ length: 100 }, (_, i) => `tenant-${i}`);
const IDS = Array.from({ length: 100 }, (_, i) => `directive-${String(i).padStart(2, '0')}`);

const directive = (tenant: string, id: string, version = 1): DirectiveRecord => ({
  tenant, id, version, class: 'boost', priority: 0, target: { service_name: 'bot', tool_name: id }, set: { min_severity: 'debug' }, limits: {}, evidence: {}, reason: 'a test', issued_by: 'test',
  issued_at: new Date(NOW).toISOString(), expires_at: new Date(NOW + 60_000).toISOString(),
}); // prettier-ignore

describe('the directives of 100 tenants with 100 each', () => {
  const gateway = newTestGateway();
  const store = createDirectiveStore(gateway.deps);
  const woken = new Map<string, number>();
  const write = (directives: readonly DirectiveRecord[]): Promise<void> =>
    gateway.broker.produce(
      directives.map((one) =>
        gateway.deps.signer.sign({ topic: TOPICS.control.name, partition: 0, key: `${one.tenant}/${one.id}`, value: JSON.stringify(one) }),
      ),
    ); // prettier-ignore
  const idsOf = (tenant: string): string[] =>
    (JSON.parse(`{${store.setOf(tenant).fields}}`) as { directives: { id: string }[] }).directives.map(({ id }) => id);
  beforeAll(async () => {
    await write(TENANTS.flatMap((tenant) => IDS.map((id) => directive(tenant, id))));
    void store.follow();
    while (!store.loaded) await new Promise((resolve) => setImmediate(resolve));
    for (const tenant of TENANTS) store.onChange(tenant, () => woken.set(tenant, (woken.get(tenant) ?? 0) + 1));
  });
  afterAll(() => gateway.stop());

  it("are each tenant's own, and equal sets have equal hashes", () => {
    for (const tenant of TENANTS) expect(idsOf(tenant)).toEqual(IDS);
    expect(new Set(TENANTS.map((tenant) => store.setOf(tenant).hash)).size).toBe(1);
  });

  it('change for one tenant alone, are serialized once for all that ask, and no other tenant is woken', async () => {
    const before = new Map(TENANTS.map((tenant) => [tenant, store.setOf(tenant)]));
    await write([directive('tenant-42', 'directive-07', 2)]);
    expect([...woken]).toEqual([['tenant-42', 1]]);
    const serialize = jest.spyOn(JSON, 'stringify');
    const asked = Array.from({ length: 50 }, () => store.setOf('tenant-42'));
    expect(serialize).toHaveBeenCalledTimes(1);
    for (const tenant of TENANTS) store.setOf(tenant);
    expect(serialize).toHaveBeenCalledTimes(1);
    serialize.mockRestore();
    expect(new Set(asked).size).toBe(1);
    expect(TENANTS.filter((tenant) => store.setOf(tenant) !== before.get(tenant))).toEqual(['tenant-42']);
    expect(asked[0]?.hash).not.toBe(before.get('tenant-42')?.hash);
    expect(idsOf('tenant-42')).toEqual(IDS);
  });

  it('are gone when they have expired', () => {
    gateway.pass(60_000);
    for (const tenant of TENANTS) expect(idsOf(tenant)).toEqual([]);
  });
});
