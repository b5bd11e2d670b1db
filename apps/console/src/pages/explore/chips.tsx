import { type ExploreState } from './explore-state';
import { termsOf, withoutTerm, withTermTurned } from './filter-text';

/** The filters in force: each can be turned round, or taken out. */
export function Chips({ state }: { readonly state: ExploreState }) {
  const terms = termsOf(state.where);
  if (terms.length === 0) return null;
  return (
    <ul className="explore-chips" aria-label="Filters in force">
      {terms.map(({ text, isNegated }, i) => (
        <li key={text} className="explore-chip" data-negated={isNegated || undefined}>
          <button
            type="button"
            className="mono"
            title={isNegated ? 'Only these instead of all but these' : 'All but these instead of only these'}
            onClick={() => state.set({ where: withTermTurned(state.where, i), box: '' })}
          >
            {text}
          </button>
          <button type="button" aria-label={`Take out ${text}`} onClick={() => state.set({ where: withoutTerm(state.where, i), box: '' })}>
            ×
          </button>
        </li>
      ))}
      <li>
        <button type="button" className="explore-clear" onClick={() => state.set({ where: '', box: '' })}>
          Take out all
        </button>
      </li>
    </ul>
  );
} // prettier-ignore
