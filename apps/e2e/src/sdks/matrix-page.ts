import { COLUMNS, type Findings } from './findings';
import { SDKS, versionOf } from './sdks';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** docs/SDK-MATRIX.md. */
export function matrixPage(found: ReadonlyMap<string, Findings>): string {
  const names = (Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]).filter((name) => name !== 'calls');
  const rows = SDKS.map((sdk) => {
    const findings = found.get(sdk.script);
    return row([sdk.name, ...names.map((name) => findings?.[name] ?? 'not run')]);
  });
  return rows.join('\n');
}
void versionOf;
