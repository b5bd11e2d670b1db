import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newTestCli } from '../test-cli.fixture';

it.each([
  ['query', 'SELECT 1'],
  ['topics', ''],
  ['dlq', 'list'],
])('%s in a wrong directory says so, and makes no home there', async (command, argument) => {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-wrong-'));
  const home = join(folder, '.telltale');
  const cli = await newTestCli(() => ({}), { TELLTALE_URL: undefined, TELLTALE_HOME: home });
  const { code, err } = await cli.run(command, ...(argument ? [argument] : []));
  await cli.close();
  expect([code, err, existsSync(home)]).toEqual([
    1,
    expect.stringMatching(`there is no Telltale data in ${home}\n.*TELLTALE_HOME`),
    false,
  ]);
  rmSync(folder, { recursive: true });
});
