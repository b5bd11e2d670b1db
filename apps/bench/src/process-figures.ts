import { readFileSync } from 'node:fs';

/** Clock ticks per second of /proc/<pid>/stat (`getconf CLK_TCK` is 100 on every Linux that Node runs on). */
const TICKS_PER_SECOND = 100;

/** Seconds in user and system mode of a line of /proc/<pid>/stat. The name of the process, in brackets, may hold brackets and spaces. */
export function cpuSecondsOf(stat: string): number {
  const [, , , , , , , , , , , user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(user) + Number(system)) / TICKS_PER_SECOND;
}

/** CPU seconds of all threads of a process so far. */
export const cpuSeconds = (pid: number): number => cpuSecondsOf(readFileSync(`/proc/${pid}/stat`, 'utf8'));
/** CPU seconds of its main thread so far. */
export const mainThreadCpuSeconds = (pid: number): number => cpuSecondsOf(readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8'));

/** The most memory the process has held, MB. */
export function peakMb(pid: number): number {
  const [, kb = '0'] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kb) / 1024);
}

/** The memory of a process that is no file: without pages of the mapped file of the log, which the system takes back as it likes, MB. 0: it has ended. */
export function ownMb(pid: number): number {
  try {
    const [, kb = '0'] = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Math.round(Number(kb) / 1024);
  } catch {
    return 0;
  }
}
