import { systemClock as clock } from '@telltale/platform-telemetry';
import { describeEventLog } from '@telltale/testkit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmbeddedEventLog } from './embedded-event-log';

describeEventLog('embedded', () => {
  const path = mkdtempSync(join(tmpdir(), 'telltale-log-'));
  const open = () => createEmbeddedEventLog({ path, clock });
  return Promise.resolve({
    log: open(),
    second: () => Promise.resolve(open()),
    cleanup: () => Promise.resolve(rmSync(path, { recursive: true, force: true })),
  });
});
