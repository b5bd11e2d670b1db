import { createTestAuthority } from '@telltale/testkit';
import { type Clock } from '@telltale/kernel';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo } from 'node:net';
import { createServer as createTlsServer, connect } from 'node:tls';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLiveCertificate, serverCertificateOf } from './live-certificate';

describe('a certificate that is renewed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-certificate-'));
  const authority = createTestAuthority();
  afterAll(() => {
    authority.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is shown to new connections, and files that make no certificate change nothing', async () => {
    const config = { X_CERT_FILE: join(folder, 'tls.crt'), X_KEY_FILE: join(folder, 'tls.key') };
    const put = ({ cert, key }: { cert: string; key: string }): void => {
      copyFileSync(cert, config.X_CERT_FILE);
      copyFileSync(key, config.X_KEY_FILE);
    };
    put(authority.issue('first'));
    const lines: string[] = [];
    const write = (message: string): number => lines.push(message);
    const logger = { debug: write, info: write, warn: write, error: write };
    const stopping = new AbortController();
    let wake: () => void = () => undefined;
    const sleep = () => new Promise<void>((resolve) => (wake = resolve));
    const clock: Clock = { now: () => 0, monotonic: () => 0, sleep };
    const live = createLiveCertificate(() => serverCertificateOf(config, 'X'), { clock, logger });
    const server = createTlsServer({ ...live!.first }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    live!.renewIn(server);
    const following = live!.follow(stopping.signal);
    const shown = async (): Promise<string> => {
      const socket = connect({
        servername: 'localhost',
        port: (server.address() as AddressInfo).port,
        host: '127.0.0.1',
        ca: readFileSync(authority.ca),
      });
      await once(socket, 'secureConnect');
      const name = String(socket.getPeerCertificate().subject.CN);
      socket.destroy();
      return name;
    };
    const look = async (): Promise<void> => {
      wake();
      await new Promise((resolve) => setImmediate(resolve));
    };
    expect(await shown()).toBe('first');
    await look();
    expect(lines).toEqual([]);
    put(authority.issue('second'));
    await look();
    expect(await shown()).toBe('second');
    writeFileSync(config.X_CERT_FILE, '-----BEGIN CERTIFICATE-----\nhalf');
    await look();
    expect(await shown()).toBe('second');
    expect(lines).toEqual(['certificate_renewed', 'certificate_not_renewed']);
    stopping.abort();
    wake();
    await following;
    server.close();
  });
});
