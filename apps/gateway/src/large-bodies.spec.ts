import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { decodeTraces } from '@telltale/adapter-otlp';
import { benchBody } from './gateway.bench';
import { KEY, newTestApp, newTestGateway } from './gateway.fixture';

/** Spans by id, as a text that can be compared. */
const spansOf = (bodies: readonly Buffer[]): string[] =>
  bodies
    .flatMap((body) => decodeTraces(body).groups.flatMap(({ items }) => items.map(({ item }) => JSON.stringify(item))))
    .sort();

// Memory of bodies is given back while others are received: none may lose a byte.
describe('bodies of several chunks over a socket', () => {
  let app: NestFastifyApplication;
  afterEach(() => app.close());

  it('are in the log as they were sent, many at a time, also after one that was refused', async () => {
    const gateway = newTestGateway();
    gateway.pass(1_764_000_001_000 - gateway.deps.clock.now());
    app = await newTestApp(gateway.deps);
    await app.listen(0, '127.0.0.1');
    const url = `${await app.getUrl()}/v1/traces`;
    const body = benchBody();
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/x-protobuf' };
    const post = async (bytes: Uint8Array): Promise<number> => {
      const answer = await fetch(url, { method: 'POST', headers, body: bytes });
      await answer.arrayBuffer();
      return answer.status;
    };
    const cutOff = body.subarray(0, body.length - 1);
    expect(await Promise.all([post(body), post(cutOff), post(body), post(body)])).toEqual([200, 400, 200, 200]);
    const sent = spansOf([body]);
    expect(sent).toHaveLength(500);
    expect(spansOf(gateway.raw().map(gateway.opened))).toEqual([...sent, ...sent, ...sent].sort());
  });

  it('that the log has not taken stay as they are', async () => {
    const gateway = newTestGateway();
    gateway.pass(1_764_000_001_000 - gateway.deps.clock.now());
    const values: Buffer[] = [];
    // As a broker that was sent them and has not answered.
    gateway.deps.broker.produce = (records) => {
      for (const { value } of records) if (Buffer.isBuffer(value)) values.push(value);
      return Promise.reject(new Error('the connection was lost'));
    };
    app = await newTestApp(gateway.deps);
    await app.listen(0, '127.0.0.1');
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/x-protobuf' };
    const answer = await fetch(`${await app.getUrl()}/v1/traces`, { method: 'POST', headers, body: new Uint8Array(benchBody()) });
    await answer.arrayBuffer();
    expect([answer.ok, values.length]).toEqual([false, 2]);
    expect(values.every(({ length }) => length > 100_000)).toBe(true);
  });
});
