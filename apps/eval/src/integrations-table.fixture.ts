import { type NormalizeResult, type Share } from './normalize';

const share = ({ found, of }: Share): string => (of === 0 ? '–' : `${found} of ${of}`);

interface NormalizeRow {
  readonly framework: string;
  readonly traces: string;
  readonly kind: string;
  readonly model: string;
  readonly usage: string;
  readonly messages: string;
  readonly tools: string;
  readonly errors: number;
}
/** The result as the lines of a table. */
const normalizeRows = ({ per_framework }: NormalizeResult): NormalizeRow[] =>
  Object.entries(per_framework).map(([framework, one]) => ({
    framework,
    traces: `${one.recognized} of ${one.traces}`,
    kind: Object.entries(one.kinds).map(([kind, count]) => `${count} ${kind}`).join(', '),
    model: share(one.model),
    usage: share(one.usage),
    messages: share(one.messages),
    tools: one.tied.of > 0 ? `${share(one.tools)}, tied ${share(one.tied)}` : share(one.tools),
    errors: one.errors,
  })); // prettier-ignore

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
