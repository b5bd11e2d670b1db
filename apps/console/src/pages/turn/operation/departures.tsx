import { Asked } from '../../../design/asked';
import { amountOf } from '../../../format/numbers';
import { type Standing, standingsOf } from '../model/departures';
import { type OperationNode } from '../model/tree';
import { useUsual } from '../questions';
import { type Work } from '../work';

/** What departs from the usual at an operation: by what explanations found, and by the numbers of calls of the same before it. */
export function Departures({ node, work }: { readonly node: OperationNode; readonly work: Work }) {
  const usual = useUsual(work.turnId, node.id);
  const findings = work.findings.get(node.id) ?? [];
  if (['turn', 'log', 'session', 'feedback'].includes(node.operation.kind) && findings.length === 0) return null;
  return (
    <div className="content">
      <h3>Against the usual</h3>
      {findings.length > 0 && (
        <ul className="plain">
          {findings.map((finding) => (
            <li key={finding} data-departs>
              {finding}
            </li>
          ))}
        </ul>
      )}
      <Asked of={usual} height={44}>
        {(data) => {
          const standings = standingsOf(data, node.operation);
          if (standings.length === 0)
            return (
              <p className="quiet">
                {data.calls === 0 ? 'No call of the same' : `Only ${amountOf(data.calls, 'call')} of the same`} in the {data.days} days before: too few to say what is usual
              </p>
            );
          return (
            <ul className="plain">
              {standings.map((standing) => (
                <Line key={standing.name} standing={standing} />
              ))}
            </ul>
          );
        }}
      </Asked>
    </div>
  );
} // prettier-ignore

const Line = ({ standing: { name, text, usual, departs } }: { readonly standing: Standing }) => (
  <li data-departs={departs || undefined}>
    {name}: {text}
    <span className="quiet"> ({usual})</span>
  </li>
);
