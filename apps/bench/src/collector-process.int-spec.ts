import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@telltale/testkit';
import { spawnCollector } from './collector-process';

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('the process of a Collector', () => {
  const home = mkdtempSync(join(tmpdir(), 'telltale-collector-process-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  const program = (script: string): string => {
    const file = join(home, 'program');
    writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return file;
  };

  it('gets its configuration, and has ended once it is stopped', async () => {
    const collector = spawnCollector(program('exec sleep 600'), { receivers: {} }, home);
    expect(JSON.parse(readFileSync(join(home, 'collector.json'), 'utf8'))).toEqual({ receivers: {} });
    expect(isAlive(collector.pid)).toBe(true);
    expect(() => collector.check()).not.toThrow();
    await collector.stop();
    expect(isAlive(collector.pid)).toBe(false);
  });

  it('tells what it said last when it has ended by itself', async () => {
    const collector = spawnCollector(program('echo "no such broker" >&2; exit 3'), {}, home);
    const error = await eventually('it has ended', async () => {
      try {
        collector.check();
        return { done: false, seen: null };
      } catch (error) {
        return { done: true, seen: error };
      }
    }, 10_000); // prettier-ignore
    expect(error).toMatchObject({ message: 'the Collector ended with 3', fix: 'no such broker' });
    await collector.stop();
  });
});
