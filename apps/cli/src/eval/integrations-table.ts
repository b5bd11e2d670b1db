import { type NormalizeResult, normalizeRows } from './normalize';

const COLUMNS = ['framework', 'kind', 'model', 'usage', 'messages', 'tools', 'errors'] as const;
const cell = (value: string | number): string => String(value).replaceAll('|', '\\|');

/** The table of docs/INTEGRATIONS.md. */
export function integrationsTable(result: NormalizeResult): string {
  const rows = normalizeRows(result).sort((a, b) => Number(a.framework.includes(':')) - Number(b.framework.includes(':')));
  return [
    `| ${COLUMNS.join(' | ')} |`,
    `|${COLUMNS.map(() => '---').join('|')}|`,
    ...rows.map((row) => `| ${COLUMNS.map((column) => cell(row[column])).join(' | ')} |`),
  ].join('\n');
}
