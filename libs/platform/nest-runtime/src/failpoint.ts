import { noFailpoint, PROBE_POINTS, type Failpoint, type FailpointName } from '@telltale/streaming';
import { PermanentError } from '@telltale/kernel';
import { type Env } from '@telltale/platform-config';

/** `TELLTALE_FAILPOINT=after_insert:3` ends this process by SIGKILL the third time it reaches that point; for crash tests. */
export function crashAtFailpoint(env: Env): Failpoint {
  const wish = env['TELLTALE_FAILPOINT'];
  if (!wish) return noFailpoint;
  const [point, times = '1'] = wish.split(':');
  if (!PROBE_POINTS.includes(point as FailpointName))
    throw new PermanentError('config', `TELLTALE_FAILPOINT=${wish}: the points are ${PROBE_POINTS.join(', ')}`);
  let left = Number(times);
  return (at) => {
    if (at === point && --left === 0) process.kill(process.pid, 'SIGKILL');
  };
}
