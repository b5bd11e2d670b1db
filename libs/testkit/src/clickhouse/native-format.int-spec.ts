import { readdirSync } from 'node:fs';
import { startClickHouse, type TestClickHouse } from './start-clickhouse';

jest.setTimeout(60_000);
/** The protocol version that ClickHouse's client for Go names over HTTP. */
const VERSION = '54460';
const BLOCK_INFO = Buffer.from([1, 0, 2, 0xff, 0xff, 0xff, 0xff, 0]);
const text = (value: string): Buffer => Buffer.concat([Buffer.from([value.length]), Buffer.from(value, 'latin1')]);
/** Neither text nor free of what ends a statement. */
const BYTES = "a\u0000\u00ff'\\;\n";

describe('ClickHouse over HTTP, in FORMAT Native', () => {
  let clickhouse: TestClickHouse;
  beforeAll(async () => {
    clickhouse = await startClickHouse();
  });
  afterAll(() => clickhouse.stop());

  async function ask(
    parameters: Readonly<Record<string, string>>,
    body: string | Buffer,
  ): Promise<{ status: number; bytes: Buffer }> {
    const { origin, username, password } = new URL(clickhouse.url);
    const response = await fetch(`${origin}/?${new URLSearchParams(parameters).toString()}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : new Uint8Array(body),
      ...(username && { headers: { authorization: `Basic ${btoa(`${username}:${password}`)}` } }),
    });
    return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
  }

  it('takes rows of any bytes, and keeps no file of them', async () => {
    await ask({}, 'CREATE TABLE default.native_rows (id UInt32, body String) ENGINE = MergeTree ORDER BY id');
    const rows = Buffer.concat([Buffer.from([2, 2]), text('id'), text('UInt32'), Buffer.from([7, 0, 0, 0, 8, 0, 0, 0]), text('body'), text('String'), text(BYTES), text('b')]); // prettier-ignore
    const before = clickhouse.dataDir === null ? [] : readdirSync(clickhouse.dataDir);
    const answer = await ask({ query: 'INSERT INTO default.native_rows (id, body) FORMAT Native', async_insert: '0' }, rows);
    expect(answer).toEqual({ status: 200, bytes: Buffer.from('') });
    const stored = await ask({}, 'SELECT id, hex(body) FROM default.native_rows ORDER BY id');
    expect(stored.bytes.toString()).toBe(`7\t${Buffer.from(BYTES, 'latin1').toString('hex').toUpperCase()}\n8\t62\n`);
    expect(clickhouse.dataDir === null ? [] : readdirSync(clickhouse.dataDir)).toEqual(before);
  });

  it('says why it refuses rows, as it does of other formats', async () => {
    await ask({}, 'CREATE TABLE default.native_refused (id UInt32) ENGINE = MergeTree ORDER BY id');
    const { status, bytes } = await ask(
      { query: 'INSERT INTO default.native_refused (id) FORMAT Native' },
      Buffer.from([1, 1, 2, 0x69]),
    );
    expect(status).not.toBe(200);
    expect(bytes.toString()).toMatch(/^Code: \d+\. DB::Exception/);
  });

  it.each([
    ['names its version', { client_protocol_version: VERSION }, BLOCK_INFO, Buffer.from([0])],
    ['names none', {}, Buffer.from(''), Buffer.from('')],
  ])('answers a client that %s', async (_title, parameters, blockInfo, mark) => {
    const { bytes } = await ask(
      { default_format: 'Native', ...parameters },
      "SELECT 'x' AS name, toUInt32(258) AS n, repeat('y', 200) AS long",
    );
    const long = Buffer.concat([Buffer.from([200, 1]), Buffer.alloc(200, 'y')]);
    expect(bytes).toEqual(Buffer.concat([blockInfo, Buffer.from([3, 1]), text('name'), text('String'), mark, text('x'), text('n'), text('UInt32'), mark, Buffer.from([2, 1, 0, 0]), text('long'), text('String'), mark, long])); // prettier-ignore
  });
});
