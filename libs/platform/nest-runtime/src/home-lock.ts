import { errorCodeOf, PermanentError } from '@telltale/kernel';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { homeFailure } from './home';

/** Another process uses this home. */
export class HomeInUseError extends PermanentError {
  constructor(
    home: string,
    readonly pid: number,
    /** Suspended by a signal (SIGSTOP, Ctrl-Z): it does not respond until it is continued. */
    readonly isSuspended: boolean,
  ) {
    super(
      'config',
      isSuspended
        ? `process ${pid} holds ${home} and is suspended: continue it (kill -CONT ${pid}) or end it (kill -KILL ${pid}), or set TELLTALE_HOME to another folder`
        : `process ${pid} runs Telltale over ${home} already, and a home is for one process: use that one, stop it first (kill ${pid}), or set TELLTALE_HOME to another folder`,
    );
  }
}

const ownerShape = z.object({ pid: z.number().int().positive(), startedAt: z.string().min(1), boot: z.string() });
type Owner = z.infer<typeof ownerShape>;

interface LiveProcess {
  readonly startedAt: string;
  readonly isSuspended: boolean;
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** A running process; null for one that has ended, including zombies. */
function processOf(pid: number): LiveProcess | null {
  let state: string;
  let startedAt: string;
  if (process.platform === 'linux') {
    // The process name, in parentheses, may contain anything; state and start time (field 22) are counted after it.
    const fields =
      textOf(`/proc/${pid}/stat`)
        ?.replace(/^.*\) /s, '')
        .split(' ') ?? [];
    [state = '', startedAt = ''] = [fields[0], fields[19]];
  } else {
    let line = '';
    try {
      line = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim();
    } catch {
      // ps exits with 1 when there is no such process.
    }
    [, state = '', startedAt = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
  }
  if (!startedAt || /^[ZX]/.test(state)) return null;
  return { startedAt, isSuspended: /^[Tt]/.test(state) };
}

const bootOf = (): string => textOf('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
const LOCK = /^lock\.(\d{1,15})$/;
const pathOf = (home: string, number: number): string => join(home, `lock.${number}`);
const FREE = 'free';
const MAX_ATTEMPTS = 100;

const numbersIn = (home: string): number[] =>
  readdirSync(home)
    .flatMap((name) => LOCK.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);

function ownerOf(path: string): Owner | null {
  try {
    return ownerShape.parse(JSON.parse(readlinkSync(path)));
  } catch {
    return null; // Free, removed meanwhile, or not a lock of ours.
  }
}

/** Creates lock `number` unless another process has created it. */
function link(home: string, number: number, target: string): boolean {
  try {
    symlinkSync(target, pathOf(home, number));
    return true;
  } catch (error) {
    if (errorCodeOf(error) === 'EEXIST') return false;
    throw homeFailure(home, error);
  }
}

function removeBelow(home: string, number: number): void {
  for (const lower of numbersIn(home)) if (lower < number) rmSync(pathOf(home, lower), { force: true });
}

/**
 * The lock with the highest number is valid. A symbolic link to its owner's name is created atomically with its content, by only one
 * process. The next owner adds a number instead of removing the old lock, so that two processes that find the lock of a dead process at the
 * same time cannot both take it.
 */
function take(home: string): number {
  const own = processOf(process.pid);
  const me: Owner = { pid: process.pid, startedAt: own?.startedAt ?? 'unknown', boot: bootOf() };
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const last = numbersIn(home).at(-1) ?? 0;
    const owner = last > 0 ? ownerOf(pathOf(home, last)) : null;
    const alive = owner && owner.boot === me.boot ? processOf(owner.pid) : null;
    if (owner && alive?.startedAt === owner.startedAt) throw new HomeInUseError(home, owner.pid, alive.isSuspended);
    const number = last + 1;
    if (!link(home, number, JSON.stringify(me))) continue;
    if (numbersIn(home).at(-1) === number) {
      removeBelow(home, number);
      return number;
    }
    rmSync(pathOf(home, number), { force: true });
  }
  throw new PermanentError('config', `no lock can be made in ${home}: stop what runs there, and remove its files lock.*`);
}

const held = new Map<string, { readonly number: number; holders: number }>();

/**
 * Takes a home for this process, before anything in it is opened; callers in one process share it. Returns the function that releases it.
 * Throws HomeInUseError while another process has it; takes over the lock of a process that has ended.
 */
export function lockHome(home: string): () => void {
  const folder = realpathSync(home);
  const entry = held.get(folder) ?? { number: take(home), holders: 0 };
  held.set(folder, entry);
  entry.holders += 1;
  let isReleased = false;
  return () => {
    if (isReleased) return;
    isReleased = true;
    entry.holders -= 1;
    if (entry.holders > 0) return;
    held.delete(folder);
    // If the folder was removed, there is nothing to release.
    try {
      if (link(home, entry.number + 1, FREE)) removeBelow(home, entry.number + 1);
    } catch {
      return;
    }
  };
}
