import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkClock, checkHome, checkNode } from './checks';

it.each([
  ['20.19.0', 'ok'],
  ['20.18.3', 'failed'],
  ['18.20.0', 'failed'],
  ['24.0.1', 'ok'],
])('Node %s is %s', (version, state) => expect(checkNode(version).state).toBe(state));

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
