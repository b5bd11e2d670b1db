import { existsSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = process.env['TELLTALE_DATA'] ?? join(__dirname, '../../../../../shared/data');

/**
 * A file or folder of real data for some tests. When it is missing, they are skipped, and `leftOut` gives the reason for their title; in CI
 * they run and fail.
 */
export function testData(...path: readonly string[]) {
  const full = join(FOLDER, ...path);
  const has = existsSync(full) || process.env['CI'] === 'true';
  return {
    path: full,
    describeData: has ? describe : describe.skip,
    itData: has ? it : it.skip,
    leftOut: has ? '' : ` (left out: no ${path.join('/')} in the data folder; set TELLTALE_DATA)`,
  };
}
