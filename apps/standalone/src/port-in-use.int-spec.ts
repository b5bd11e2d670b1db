import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStandalone } from './start-standalone';

it('a port in use is reported in one sentence with the fix', async () => {
  const home = mkdtempSync(join(tmpdir(), 'telltale-port-'));
  const other = createServer();
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
  const { port } = other.address() as AddressInfo;
  await expect(startStandalone({ home, port, grpcPort: null, env: { LOG_LEVEL: 'silent' } })).rejects.toMatchObject({
    code: 'config',
    message: `port ${port} of 127.0.0.1 is in use by another process: stop that one, or set HTTP_PORT to another port (0: the system chooses)`,
  });
  await new Promise((done) => other.close(done));
  rmSync(home, { recursive: true, force: true, maxRetries: 3 });
}, 60_000);
