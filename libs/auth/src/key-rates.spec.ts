import { createKeyRates, type Grant } from '.';

const grantOf = (name: string, limits: Grant['limits'] = {}, tenant = 'acme'): Grant => ({
  tenant,
  name,
  scopes: ['ingest'],
  limits,
});
const BOTS = grantOf('bots');

function newTestRates(limits = { requestsPerSecond: 2, bytesPerSecond: 100 }) {
  const time = { now: 0 };
  const counted: string[] = [];
  const warned: object[] = [];
  const sut = createKeyRates({
    service: 'gateway',
    limits,
    variables: { requests: 'REQUESTS_VARIABLE', bytes: 'BYTES_VARIABLE' },
    clock: { monotonic: () => time.now },
    metrics: { count: (name, labels) => void counted.push(`${name} ${Object.values(labels).join(' ')}`) },
    logger: { warn: (event, fields) => void warned.push({ event, ...fields }) },
  });
  /** How many of `most` requests are let in. */
  const letIn = (grant: Grant, most: number): number =>
    Array.from({ length: most }, () => sut.take(grant).ok).filter(Boolean).length;
  return { sut, letIn, counted, warned, pass: (ms: number) => (time.now += ms) };
}

describe('the rate of an API key', () => {
  it('lets in a burst of ten seconds at once, and its rate from then on', () => {
    const { letIn, pass } = newTestRates();
    expect(letIn(BOTS, 50)).toBe(20);
    pass(3_000);
    expect(letIn(BOTS, 50)).toBe(6);
    pass(3_600_000);
    expect(letIn(BOTS, 50)).toBe(20);
  });

  it('says which limit it is, when there is room again, and what to do', () => {
    const { sut, letIn, pass, counted } = newTestRates();
    letIn(BOTS, 20);
    expect(sut.take(BOTS)).toEqual({
      ok: false,
      limit: 'requests',
      retryAfterMs: 1_000,
      message: 'the API key bots is over its limit of 2 requests per second',
      fix: 'wait 1 s and send less, or have max_requests_per_second of this api_key raised (or REQUESTS_VARIABLE)',
    });
    pass(1_000);
    expect(sut.take(BOTS).ok).toBe(true);
    expect(counted).toEqual(['telltale_rate_limited_requests_total gateway requests']);
  });

  it('lets a body pass that is larger than the bucket, and what follows once it is paid', () => {
    const { sut, pass } = newTestRates();
    expect(sut.take(BOTS).ok).toBe(true);
    sut.charge(BOTS, 1_500);
    expect(sut.take(BOTS)).toMatchObject({
      limit: 'bytes',
      retryAfterMs: 5_000,
      fix: expect.stringContaining('BYTES_VARIABLE') as string,
    });
    pass(4_999);
    expect(sut.take(BOTS).ok).toBe(false);
    pass(2);
    expect(sut.take(BOTS).ok).toBe(true);
  });

  it('is of that key alone: others of its tenant, and of another by the same name, have their own', () => {
    const { sut, letIn } = newTestRates();
    expect(letIn(BOTS, 50)).toBe(20);
    sut.charge(BOTS, 1_000_000);
    for (const other of [grantOf('ops'), grantOf('bots', {}, 'beta')]) expect(letIn(other, 50)).toBe(20);
  });

  it('is that of its setting where it names one, also once it is changed', () => {
    const { sut, letIn, pass } = newTestRates();
    const own = grantOf('own', { requestsPerSecond: 5 });
    expect(letIn(own, 100)).toBe(50);
    expect(letIn(grantOf('own', { requestsPerSecond: 1 }), 100)).toBe(0);
    pass(2_000);
    // What came in until the change came at the former rate.
    expect(letIn(grantOf('own', { requestsPerSecond: 1 }), 100)).toBe(2);
    pass(60_000);
    sut.charge(own, 1_000_000);
    // Bytes are those of the process, for its setting names none.
    expect(sut.take(own)).toMatchObject({ limit: 'bytes' });
  });

  it('is none at 0, and keeps no state then', () => {
    const { sut, letIn } = newTestRates({ requestsPerSecond: 0, bytesPerSecond: 0 });
    sut.charge(BOTS, 1e12);
    expect([letIn(BOTS, 10_000), sut.size]).toEqual([10_000, 0]);
  });

  it('of requests alone leaves bytes free, and the other way round', () => {
    const requests = newTestRates({ requestsPerSecond: 1, bytesPerSecond: 0 });
    requests.sut.charge(BOTS, 1e12);
    expect(requests.letIn(BOTS, 100)).toBe(10);
    const bytes = newTestRates({ requestsPerSecond: 0, bytesPerSecond: 1 });
    expect(bytes.letIn(BOTS, 1_000)).toBe(1_000);
    bytes.sut.charge(BOTS, 11);
    expect(bytes.letIn(BOTS, 1_000)).toBe(0);
  });

  it('keeps nothing of keys whose buckets are full again, and of ten thousand at most', () => {
    const { sut, pass } = newTestRates();
    for (let i = 0; i < 100; i++) sut.take(grantOf(`key-${i}`));
    expect(sut.size).toBe(100);
    pass(60_000);
    sut.take(BOTS);
    expect(sut.size).toBe(1);
    for (let i = 0; i < 12_000; i++) sut.take(grantOf(`key-${i}`));
    expect(sut.size).toBe(10_000);
  });

  it('forgets no debt while there is room', () => {
    const { sut, pass } = newTestRates();
    sut.take(BOTS);
    sut.charge(BOTS, 100_000);
    pass(300_000);
    sut.take(grantOf('ops'));
    expect(sut.take(BOTS)).toMatchObject({ limit: 'bytes' });
  });

  it('is logged once a minute for each key that is over it, with whose it is and no more', () => {
    const { letIn, pass, warned } = newTestRates();
    letIn(BOTS, 500);
    pass(59_000);
    letIn(BOTS, 500);
    expect(warned).toEqual([
      { event: 'key_rate_limited', tenant: 'acme', key: 'bots', limit: 'requests', per_second: 2, runbook: 'docs/runbooks/gateway-refuses.md' },
    ]); // prettier-ignore
    letIn(grantOf('ops'), 500);
    pass(2_000);
    letIn(BOTS, 500);
    expect(warned.map((line) => (line as { key: string }).key)).toEqual(['bots', 'ops', 'bots']);
  });
});
