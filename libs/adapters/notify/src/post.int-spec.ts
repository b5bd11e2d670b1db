import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { readAllowedTargets } from './address-rules';
import { type DeliveryRules } from './delivery-rules';
import { post } from './post';
import { type ResolveName } from './resolve-target';

const never: ResolveName = () => Promise.reject(new Error('nothing is to be resolved'));
const names = (addresses: Readonly<Record<string, readonly string[]>>): ResolveName => (host) => Promise.resolve(addresses[host] ?? []); // prettier-ignore
const posting = (url: string) => ({ url, headers: { 'content-type': 'application/json' }, body: '{}' });
const rules = (change: Partial<DeliveryRules> = {}): DeliveryRules => ({
  allowed: readAllowedTargets('', 'X'),
  allowPlainText: true,
  httpPorts: [80, 443],
  smtpPorts: [25],
  timeoutMs: 5_000,
  ...change,
});

/** A server on one address of this machine, which counts what it hears. */
async function newTestServer(host: string, port: number, answer: Parameters<typeof createServer>[1]) {
  const heard: string[] = [];
  const server: Server = createServer((request, response) => {
    heard.push(`${request.headers.host ?? ''}${request.url ?? ''}`);
    request.resume();
    answer?.(request, response as never);
  });
  await new Promise<void>((done) => server.listen(port, host, done));
  return {
    heard,
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('a delivery over HTTP', () => {
  it.each([
    // The host as a number, in parts, in other bases, or with a dot.
    'http://127.0.0.1/', 'http://2130706433/', 'http://0x7f000001/', 'http://0x7f.1/', 'http://0177.0.0.1/', 'http://127.1/', 'http://127.0.0.1./', 'http://0/',
    'http://169.254.169.254/latest/meta-data', 'http://2852039166/', 'http://0xa9fea9fe/', 'http://[::1]/', 'http://[::ffff:127.0.0.1]/', 'http://[::ffff:7f00:1]/', 'http://[64:ff9b::a9fe:a9fe]/',
    'http://[2002:7f00:1::]/', 'http://[fe80::1]/', 'http://[fd00:ec2::254]/', 'http://１２７.０.０.１/', 'http://127。0。0。1/',
  ])('to %s is refused, without resolving or connecting', async (url) => {
    await expect(post(posting(url), rules(), never)).rejects.toThrow(/is refused: its address is not one of the public internet \(\w+\); an operator may allow it in SENDER_ALLOWED_TARGETS/);
  }); // prettier-ignore

  it.each([
    ['localhost', ['127.0.0.1']],
    ['metadata.google.internal', ['169.254.169.254']],
    ['inside.example.com', ['10.0.0.7']],
    ['six.example.com', ['::1']],
    ['mapped.example.com', ['::ffff:192.168.0.1']],
    ['some.example.com', ['8.8.8.8', '127.0.0.1']],
    ['other.example.com', ['2606:4700:4700::1111', 'fd00::1']],
  ])('to the name %s, which is %j, is refused', async (host, addresses) => {
    await expect(post(posting(`http://${host}/`), rules(), names({ [host]: addresses }))).rejects.toThrow('is refused');
  });

  it('to a name that has no address, or cannot be resolved, may work later', async () => {
    await expect(post(posting('http://none.example.com/'), rules(), names({}))).rejects.toThrow('has no address');
    await expect(post(posting('http://none.example.com/'), rules(), never)).rejects.toThrow('cannot be resolved');
  });

  it.each([
    ['http://example.com/', { allowPlainText: false }, 'http is not encrypted; an operator may set SENDER_ALLOW_PLAIN_TEXT=true'],
    ['https://example.com:6379/', {}, 'its port 6379 is none of 80, 443; an operator may add it to SENDER_HTTP_PORTS'],
    ['http://example.com:22/', {}, 'its port 22 is none of'],
    ['file:///etc/passwd', {}, 'neither https nor http'],
    ['gopher://example.com/', {}, 'neither https nor http'],
  ])('to %s is refused by rule', async (url, change, why) => {
    await expect(post(posting(url), rules(change), never)).rejects.toThrow(why);
  });

  it('goes to the address that was checked, whatever the name means a moment later', async () => {
    const good = await newTestServer('127.0.0.2', 0, (_, response) => response.end('good'));
    const bad = await newTestServer('127.0.0.1', good.port, (_, response) => response.end('bad'));
    let asked = 0;
    const rebinding: ResolveName = () => Promise.resolve([asked++ === 0 ? '127.0.0.2' : '127.0.0.1']);
    const allowed = readAllowedTargets('127.0.0.2', 'X');
    const to = posting(`http://rebinding.example.com:${good.port}/x?y=1`);
    const own = rules({ allowed, httpPorts: [good.port] });
    expect(await post(to, own, rebinding)).toMatchObject({ status: 200 });
    expect([asked, good.heard, bad.heard]).toEqual([1, [`rebinding.example.com:${good.port}/x?y=1`], []]);
    await expect(post(to, own, rebinding)).rejects.toThrow('is refused');
    expect(bad.heard).toEqual([]);
    good.close();
    bad.close();
  });

  it('follows no redirect, and reads nothing of what our own network says', async () => {
    const secret = await newTestServer('127.0.0.1', 0, (_, response) => response.end('secret'));
    const server = await newTestServer('127.0.0.1', 0, (_, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${secret.port}/` }).end('go there');
    });
    const own = rules({ allowed: readAllowedTargets('127.0.0.0/8', 'X'), httpPorts: [server.port, secret.port] });
    expect(await post(posting(`http://127.0.0.1:${server.port}/`), own, never)).toEqual({ status: 307, retryAfter: undefined, text: '' }); // prettier-ignore
    expect(secret.heard).toEqual([]);
    server.close();
    secret.close();
  });

  it('ends after its time, also where an answer comes byte by byte, and reads no answer to its end that has none', async () => {
    const slow = await newTestServer('127.0.0.1', 0, () => undefined);
    const drip = await newTestServer('127.0.0.1', 0, (_, response) => {
      const next = (): void => void (response.destroyed || response.write('x', () => setImmediate(next)));
      response.writeHead(200, { 'transfer-encoding': 'chunked' });
      if (response.req.url === '/drip') response.write('x');
      else next();
    });
    const own = rules({ allowed: readAllowedTargets('127.0.0.0/8', 'X'), httpPorts: [slow.port, drip.port], timeoutMs: 200 });
    const to = (port: number, path: string) => post(posting(`http://127.0.0.1:${port}${path}`), own, never);
    await expect(to(slow.port, '/')).rejects.toThrow(/abort|timeout/i);
    await expect(to(drip.port, '/drip')).rejects.toThrow(/abort|timeout/i);
    expect(await post(posting(`http://127.0.0.1:${drip.port}/flood`), { ...own, timeoutMs: 5_000 }, never)).toMatchObject({
      status: 200,
    });
    slow.close();
    drip.close();
  });
});
