import { systemClock as clock } from '@telltale/platform-telemetry';
import { describeBroker } from '@telltale/testkit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmbeddedBroker } from './embedded-broker';

describeBroker('embedded', () => {
  const path = mkdtempSync(join(tmpdir(), 'telltale-log-'));
  const open = () => createEmbeddedBroker({ path, clock });
  return Promise.resolve({
    broker: open(),
    second: () => Promise.resolve(open()),
    cleanup: () => Promise.resolve(rmSync(path, { recursive: true, force: true })),
  });
});
