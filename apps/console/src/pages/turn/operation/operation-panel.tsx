import { type ReactNode } from 'react';
import { Copy } from '../../../design/copy';
import { Kind, Outcome } from '../../../design/parts';
import { countOf, durationOf, moneyOf, numberOf } from '../../../format/numbers';
import { labelOf, type OperationNode } from '../model/tree';
import { useOperation } from '../questions';
import { type Work } from '../work';
import { Comparison } from './comparison';
import { Departures } from './departures';
import { Facts } from './facts';
import { Payloads } from './payload';

interface PanelProps {
  readonly node: OperationNode;
  readonly work: Work;
  readonly choose: (id: string) => void;
}

/** What is known of one operation. Its content comes from people and models: it is shown as text, always. */
export function OperationPanel({ node, work, choose }: PanelProps) {
  const { operation, all, children, parent } = node;
  const facts = useOperation(work.turnId, node.id);
  const input = numberOf(operation.input_tokens);
  const output = numberOf(operation.output_tokens);
  return (
    <section className="card operation" aria-label="Chosen operation">
      <div className="operation-head">
        <h2>
          <Kind of={operation.kind} /> {labelOf(operation)}
        </h2>
        <Copy text={node.id} name="Copy id" />
      </div>
      <dl className="numbers">
        <Figure name="Status">
          <Outcome of={operation.status} />
        </Figure>
        <Figure name="Took">{durationOf(operation.duration_ms)}</Figure>
        {children.length > 0 && <Figure name={`With the ${countOf(all.operations - 1)} under it`}>{durationOf(all.end - all.start)}</Figure>}
        {(operation.cost_nano_usd !== null || operation.kind === 'llm') && <Figure name="Cost">{moneyOf(operation.cost_nano_usd)}</Figure>}
        {input + output > 0 && (
          <Figure name={`Tokens in, out${facts.data?.usage_estimated === true ? ' (estimated)' : ''}`}>
            {countOf(input)}, {countOf(output)}
          </Figure>
        )}
        <Figure name="Began after">{durationOf(node.start - work.tree.start)}</Figure>
      </dl>
      <Failed node={node} work={work} choose={choose} message={facts.data?.error_message ?? operation.error_message} />
      <Departures node={node} work={work} />
      <Decision facts={facts.data} />
      <Payloads turn={work.turnId} facts={facts} />
      <Comparison node={node} work={work} facts={facts.data} />
      <Facts facts={facts.data} caller={parent} choose={choose} requester={requesterOf(node, work)} />
    </section>
  );
} // prettier-ignore

const Figure = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

/** The call of a model that asked for this call of a tool. */
function requesterOf({ operation }: OperationNode, { tree }: Work): OperationNode | null {
  const span = operation.requested_by_span_id;
  return span === '' ? null : (tree.nodes.find((one) => one.operation.span_id === span) ?? null);
}

/** An error, beside what came of it. */
function Failed({ node, work, choose, message }: PanelProps & { readonly message: string }) {
  const { operation } = node;
  const { previous, recovery, failedAgain, recovers } = work.attempts(node);
  if (operation.status !== 'error')
    return recovers ? (
      <p>
        It works after a failure:{' '}
        <button type="button" className="more" onClick={() => choose(recovers.id)}>
          {recovers.operation.error_type || 'the call before it'}
        </button>
      </p>
    ) : null;
  return (
    <div className="failure" role="note">
      <strong>{operation.error_type || 'Error'}</strong>
      {message !== '' && <span className="error-text">{message}</span>}
      {recovery ? (
        <button type="button" className="button" onClick={() => choose(recovery.id)}>
          Worked {durationOf(recovery.start - node.end)} later{failedAgain > 0 ? `, after ${countOf(failedAgain)} more failures` : ''}: show it
        </button>
      ) : (
        <span>No later call of the same in this turn worked{failedAgain > 0 ? `; ${countOf(failedAgain)} more failed` : ''}</span>
      )}
      {previous?.operation.status === 'error' && (
        <button type="button" className="button" onClick={() => choose(previous.id)}>
          The failure before it
        </button>
      )}
    </div>
  );
} // prettier-ignore

function Decision({ facts }: { readonly facts: ReturnType<typeof useOperation>['data'] }) {
  if (!facts || facts.decision_chosen === '') return null;
  const { decision_chosen: chosen, decision_options: options, decision_reason: reason } = facts;
  return (
    <div className="content">
      <h3>Decision</h3>
      <ul className="options">
        {[...new Set([chosen, ...options])].map((option) => (
          <li key={option} aria-current={option === chosen || undefined}>
            {option}
            {option === chosen && <span className="quiet"> chosen{options.includes(option) || options.length === 0 ? '' : ', and none of the options'}</span>}
          </li>
        ))}
      </ul>
      {reason !== '' && <p>{reason}</p>}
    </div>
  );
} // prettier-ignore
