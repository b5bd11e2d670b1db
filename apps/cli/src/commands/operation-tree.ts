export type Row = Readonly<Record<string, unknown>>;
export interface Node extends Row {
  readonly operations?: readonly Node[];
}

export const OPERATION_NAMES = ['operation', 'kind', 'ts', 'duration_ms', 'status', 'cost_nano_usd', 'decision', 'error_message'];
const INDENT = '  ';

/** `chosen of option, option: reason`; '' where the operation decided nothing. */
function decisionOf(node: Node): string {
  const text = (name: string): string => (typeof node[name] === 'string' ? node[name] : '');
  const options = Array.isArray(node['decision_options']) ? node['decision_options'].map(String) : [];
  const chosen = text('decision_chosen');
  if (chosen === '' && options.length === 0) return '';
  const reason = text('decision_reason');
  return `${chosen || 'nothing'}${options.length > 0 ? ` of ${options.join(', ')}` : ''}${reason === '' ? '' : `: ${reason}`}`;
}

/** Operations as rows, in order, each indented under its caller, with what it decided. */
export const operationRows = (nodes: readonly Node[], depth = 0): Row[] =>
  nodes.flatMap((node) => [
    { ...node, operation: INDENT.repeat(depth) + String(node['name'] ?? ''), decision: decisionOf(node) },
    ...operationRows(node.operations ?? [], depth + 1),
  ]);
