import { countOf, durationOf, moneyOf } from '../../format/numbers';
import { labelOf, type OperationNode } from './model/tree';
import { useOperation } from './questions';
import { type Work } from './work';

/** What is said of an operation that is pointed at: its numbers, its arguments, what departs from the usual. */
export function RowTip({ node, work: { turnId, slowness, findings } }: { readonly node: OperationNode; readonly work: Work }) {
  const { operation, children, all } = node;
  const facts = useOperation(turnId, node.id);
  const slow = slowness(operation);
  const { input_tokens: input, output_tokens: output, cost_nano_usd: cost } = operation;
  return (
    <div className="row-tip">
      <strong>{labelOf(operation)}</strong>
      <span>
        {operation.kind}, {durationOf(operation.duration_ms)}
        {children.length > 0 &&
          `; ${durationOf(all.end - all.start)} by the clock with the ${countOf(all.operations - 1)} under it`}
      </span>
      {(input > 0 || output > 0) && (
        <span>
          {countOf(input)} tokens in, {countOf(output)} out{cost === null ? '' : `, ${moneyOf(cost)}`}
        </span>
      )}
      {operation.status === 'error' && (
        <span>
          {operation.error_type}: {operation.error_message}
        </span>
      )}
      {slow !== null && <span>{slow}</span>}
      {(findings.get(node.id) ?? []).map((finding) => (
        <span key={finding}>{finding}</span>
      ))}
      {facts.data && facts.data.arguments_preview !== '' && <code>{facts.data.arguments_preview}</code>}
    </div>
  );
}
