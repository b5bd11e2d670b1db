import { createChdbRowStore } from '@telltale/adapter-clickhouse';
import { type DirectiveAckRow, type DirectiveRow } from '@telltale/contracts';
import { type AskContext, QUERIES } from '@telltale/query';
import { type RowStore } from '@telltale/streaming';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NOW = Date.parse('2026-03-02T12:00:00Z');
const at = (seconds: number): string => new Date(NOW + seconds * 1_000).toISOString();

const directive = (id: string, change: Partial<DirectiveRow> = {}): DirectiveRow => ({
  tenant: 'acme', id, version: 1, class: 'boost', priority: 0, target: '{"service_name":"shop"}', set: '{"content":"full"}', limits: '{}', evidence: '{}', reason: 'r', issued_by: 'v',
  issued_at: at(-30), expires_at: at(600), state: 'raised', changed_at: at(-30), applied_by: 0, records: 0, bytes: 0, evidence_for: [], ...change,
}); // prettier-ignore
const ack = (instance: string, seconds: number, change: Partial<DirectiveAckRow> = {}): DirectiveAckRow => ({
  tenant: 'acme', directive_id: '', instance, sdk: 'telltale-python 1.0', service_name: 'shop', set_hash: 'h', status: 'applied', error: '', received_at: at(seconds), is_first: false,
  hits: 0, drops: 0, bytes: 0, expires_on: '2099-01-01', ...change,
}); // prettier-ignore

describe('what SDKs made of a directive', () => {
  let folder: string;
  let rows: RowStore;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'telltale-directives-'));
    rows = createChdbRowStore({ path: folder });
    await rows.migrate('apply');
    const insert = (table: 'directives' | 'directive_acks', of: readonly object[]) =>
      rows.insert({ table, rows: of.map((row) => JSON.stringify(row)), token: table, comment: 'test' });
    await insert('directives', [
      directive('d'),
      directive('wide', { target: '{}', issued_at: at(-10) }),
      directive('over', { expires_at: at(-1) }),
      directive('ended'),
      directive('ended', { state: 'revoked', changed_at: at(-5) }),
      directive('never raised', { state: 'suppressed' }),
      directive('theirs', { tenant: 'other' }),
    ]);
    const applied = (instance: string, seconds: number, more: Partial<DirectiveAckRow> = {}): DirectiveAckRow[] => [
      ack(instance, seconds),
      ack(instance, seconds, { directive_id: 'd', is_first: true, hits: 3, drops: 1, bytes: 50, ...more }),
    ];
    await insert('directive_acks', [
      ...applied('a', -29.5),
      ack('a', -20, { directive_id: 'd', hits: 2 }),
      ...applied('b', -28.5),
      ack('silent', -12),
      ack('wrong', -8, { status: 'failed', error: 'set.keep: is 2' }),
      ack('elsewhere', -8, { service_name: 'bot' }),
      ack('gone', -300),
      { ...ack('theirs', -8), tenant: 'other' },
    ]);
  }, 60_000);
  afterAll(async () => {
    await rows.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is shown of each that is in force: who applied it, how fast, and with what effect', async () => {
    const definition = QUERIES.find(({ name }) => name === 'listDirectiveStatus');
    const context = { rows, clock: { now: () => NOW }, tenant: 'acme' } as unknown as AskContext;
    const answer = (await definition?.ask?.({}, context)) as { directives: Record<string, unknown>[] };
    expect(answer.directives).toEqual([
      {
        directive_id: 'd', class: 'boost', target: '{"service_name":"shop"}', set: '{"content":"full"}', expires_at: at(600),
        instances: 4, applied: 2, pending: 1, failed: 1, p50_ms: 1_500, p99_ms: 1_500, hits: 8, drops: 2, bytes: 100,
      },
      {
        directive_id: 'wide', class: 'boost', target: '{}', set: '{"content":"full"}', expires_at: at(600),
        instances: 5, applied: 0, pending: 4, failed: 1, p50_ms: null, p99_ms: null, hits: 0, drops: 0, bytes: 0,
      },
    ]); // prettier-ignore
  });
});
