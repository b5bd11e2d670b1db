import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkClock, checkHome, checkVersions } from './checks';
import { checkDisks, checkSkew } from './clickhouse-checks';

it.each([
  ['20.19.0', 'ok'],
  ['20.18.3', 'failed'],
  ['18.20.0', 'failed'],
  ['24.0.1', 'ok'],
])('Node %s is %s', (version, state) =>
  expect(checkVersions('1.2.3', version)).toMatchObject({ state, found: `Telltale 1.2.3, Node ${version}` }),
);

it.each([
  [12, 'ok', '0.012 s ahead of'],
  [-6_000, 'warning', '6 s behind'],
  [90_000, 'failed', '90 s ahead of'],
])('a ClickHouse whose clock is %i ms off is %s', (ms, state, found) => {
  expect(checkSkew(ms)).toMatchObject({ state, found: expect.stringContaining(found) as string });
});

it('warns of a disk of ClickHouse that is nearly full, and not of one without an end', () => {
  const disk = (name: string, freeBytes: number, totalBytes: number) => ({ name, freeBytes, totalBytes });
  const s3 = disk('s3', 2 ** 64, 2 ** 64);
  expect(checkDisks([disk('default', 50e9, 100e9), s3])).toMatchObject({ state: 'ok', found: 'default: 50.0 of 100.0 GB free' });
  expect(checkDisks([disk('default', 5e9, 100e9), s3]).state).toBe('warning');
});

it.each([
  ['2026-11-23T00:00:00Z', 'ok'],
  ['1970-01-01T00:01:00Z', 'failed'],
])('a clock at %s is %s', (time, state) => expect(checkClock(Date.parse(time)).state).toBe(state));

it('takes a home that can be made, and none below a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-doctor-'));
  writeFileSync(join(folder, 'file'), '');
  expect(checkHome(join(folder, 'a', 'b')).state).toBe('ok');
  expect(checkHome(join(folder, 'file')).state).toBe('failed');
  rmSync(folder, { recursive: true });
});
