import { noProbe, PROBE_POINTS, type Probe, type ProbePoint } from '@telltale/engine';
import { PermanentError } from '@telltale/kernel';
import { type Env } from '@telltale/platform-config';

/** `TELLTALE_CRASH_AT=after_insert:3` ends this process by SIGKILL at the third passing of that point; for crash tests. */
export function crashProbe(env: Env): Probe {
  const wish = env['TELLTALE_CRASH_AT'];
  if (!wish) return noProbe;
  const [point, times = '1'] = wish.split(':');
  if (!PROBE_POINTS.includes(point as ProbePoint))
    throw new PermanentError('config', `TELLTALE_CRASH_AT=${wish}: the points are ${PROBE_POINTS.join(', ')}`);
  let left = Number(times);
  return (at) => {
    if (at === point && --left === 0) process.kill(process.pid, 'SIGKILL');
  };
}
