import { readFileSync } from 'node:fs';

/** Clock ticks per second of /proc/<pid>/stat (`getconf CLK_TCK` is 100 on every Linux that Node runs on). */
const TICKS_PER_SECOND = 100;

function cpuSecondsIn(file: string): number {
  const fields = readFileSync(file, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
/** CPU time of all threads of a process so far. */
export const cpuSeconds = (pid: number): number => cpuSecondsIn(`/proc/${pid}/stat`);
/** CPU time of its main thread so far. */
export const mainThreadCpuSeconds = (pid: number): number => cpuSecondsIn(`/proc/${pid}/task/${pid}/stat`);

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
