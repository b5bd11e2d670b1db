import { mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HomeInUseError, lockHome } from './home-lock';

let home: string;
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'telltale-lock-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** The content of a lock of this process. */
function ownLock(): Record<string, unknown> {
  const other = mkdtempSync(join(tmpdir(), 'telltale-lock-'));
  const release = lockHome(other);
  const lock = JSON.parse(readlinkSync(join(other, 'lock.1'))) as Record<string, unknown>;
  release();
  rmSync(other, { recursive: true });
  return lock;
}
const write = (number: number, lock: unknown): void =>
  symlinkSync(typeof lock === 'string' ? lock : JSON.stringify(lock), join(home, `lock.${number}`));
const ownerNow = (): unknown => (JSON.parse(readlinkSync(join(home, readdirSync(home).at(-1) ?? ''))) as { pid: unknown }).pid;

describe('the lock of a home', () => {
  it('cannot be taken while its owner is running', () => {
    write(1, ownLock());
    expect(() => lockHome(home)).toThrow(HomeInUseError);
    expect(() => lockHome(home)).toThrow(`process ${process.pid} runs Telltale over ${home} already`);
    expect(readdirSync(home)).toEqual(['lock.1']);
  });

  it.each<[string, (own: Record<string, unknown>) => unknown]>([
    ['of a process that is gone', (own) => ({ ...own, pid: 2 ** 22 + 1 })],
    ['of a process whose number another has now', (own) => ({ ...own, startedAt: '1' })],
    ['from before the machine started', (own) => ({ ...own, boot: 'another' })],
    ['that was given back', () => 'free'],
    ['that nobody can read', () => '{'],
  ])('%s is taken over', (_, lock) => {
    write(7, lock(ownLock()));
    const release = lockHome(home);
    expect(readdirSync(home)).toEqual(['lock.8']);
    expect(ownerNow()).toBe(process.pid);
    release();
  });

  it('is shared within one process, and released with its last holder', () => {
    const [first, second] = [lockHome(home), lockHome(home)];
    first();
    first();
    expect(ownerNow()).toBe(process.pid);
    second();
    expect(readlinkSync(join(home, 'lock.2'))).toBe('free');
    expect(readdirSync(home)).toEqual(['lock.2']);
  });
});
