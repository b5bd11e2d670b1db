import { describeRowStore, startClickHouse } from '@telltale/testkit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChdbRowStore, createClickHouseRowStore } from './clickhouse-row-store';

describeRowStore('in this process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-rows-'));
  const store = createChdbRowStore({ path: folder });
  return Promise.resolve({
    store,
    cleanup: async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  });
});

describeRowStore('over HTTP', async () => {
  const server = await startClickHouse();
  const store = createClickHouseRowStore({ url: server.url });
  return {
    store,
    cleanup: async () => {
      await store.close();
      await server.stop();
    },
  };
});
