import { PermanentError } from '@telltale/kernel';
import { type Engine } from './engine';
import { requireOneShard } from './one-shard';

const engineWith = (shards: number, kind: 'single' | 'replicated' = 'replicated'): Engine => ({
  database: 'telltale',
  topology: kind === 'single' ? { kind } : { kind, cluster: "ma'in" },
  onCluster: '',
  holder: 'test',
  isDead: () => false,
  run: () => Promise.resolve(),
  select: <T>(sql: string) => {
    expect(sql).toContain(`cluster = 'ma\\'in'`);
    return Promise.resolve([{ shards }] as T[]);
  },
  codeOf: () => undefined,
});

describe('the cluster of the tables', () => {
  it('may be one node, or one shard', async () => {
    await expect(requireOneShard(engineWith(0, 'single'))).resolves.toBeUndefined();
    await expect(requireOneShard(engineWith(1))).resolves.toBeUndefined();
  });

  it('must not have several shards, because a node answers for its own only', async () => {
    await expect(requireOneShard(engineWith(3))).rejects.toThrow(/CLICKHOUSE_CLUSTER: "ma'in" has 3 shards.*cells/);
    await expect(requireOneShard(engineWith(3))).rejects.toBeInstanceOf(PermanentError);
  });

  it('must be known', async () => {
    await expect(requireOneShard(engineWith(0))).rejects.toThrow(/knows no cluster "ma'in"/);
  });
});
