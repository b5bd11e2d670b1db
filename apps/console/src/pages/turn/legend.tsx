import { useMemo } from 'react';
import { countOf } from '../../format/numbers';
import { type TurnTree } from './model/tree';

/** The kinds that there are in this turn, and no others. */
export function Legend({ tree }: { readonly tree: TurnTree }) {
  const kinds = useMemo(() => {
    const counts = new Map<string, number>();
    for (const { operation } of tree.nodes) counts.set(operation.kind, (counts.get(operation.kind) ?? 0) + 1);
    return [...counts].sort(([, a], [, b]) => b - a);
  }, [tree]);
  const failed = tree.roots.reduce((sum, { all }) => sum + all.failed, 0);
  return (
    <ul className="legend" aria-label="Kinds of operations">
      {kinds.map(([kind, count]) => (
        <li key={kind}>
          <span className="kind" data-kind={kind}>
            {kind}
          </span>{' '}
          <span className="quiet">{countOf(count)}</span>
        </li>
      ))}
      {failed > 0 && (
        <li>
          <span className="failed-key" aria-hidden="true" /> failed <span className="quiet">{countOf(failed)}</span>
        </li>
      )}
    </ul>
  );
}
