import { existsSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = process.env['TELLTALE_DATA'] ?? join(__dirname, '../../../../../shared/data');

/**
 * A file or folder of the real data that some tests run over. Where it is absent they are left out, and `leftOut`, for their title, says why;
 * in CI they run and fail.
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
