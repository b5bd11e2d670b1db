import { Choice, TextFilter } from '../../design/fields';
import { countOf } from '../../format/numbers';
import { useUrl } from '../../shell/url';
import { type Width } from './model/axis';
import { isWhole, type Sight, WHOLE } from './model/zoom';
import { Playback } from './playback';
import { VIEWS, type View } from './views';

const VIEW_NAMES: Readonly<Record<View, string>> = { tree: 'Tree and time line', compact: 'Compact', graph: 'Graph' };
export const ROW_SIZES = { tall: 28, low: 18, dense: 10, densest: 4 } as const;
const ROW_NAMES = [['tall', 'tall'], ['low', 'low'], ['dense', 'dense (10 px)'], ['densest', 'densest (4 px)']] as const; // prettier-ignore

interface ToolbarProps {
  readonly view: View;
  readonly width: Width;
  readonly sight: Sight;
  readonly onSight: (sight: Sight) => void;
  readonly hasTokens: boolean;
  /** ms of the turn. */
  readonly whole: number;
  readonly playedTo: number | null;
  readonly onPlay: (ms: number | null) => void;
  /** Operations of the turn, and lines that show. */
  readonly counts: readonly [operations: number, rows: number];
}

/** How the work of a turn is looked at; all of it stands in the address. */
export function Toolbar({ view, width, sight, onSight, hasTokens, whole, playedTo, onPlay, counts }: ToolbarProps) {
  const [, setView] = useUrl('view', 'tree');
  const [, setWidth] = useUrl('width', 'duration');
  const [size, setSize] = useUrl('rows', 'tall');
  const [folds, setFolds] = useUrl('fold', 'yes');
  const [find, setFind] = useUrl('find');
  return (
    <div className="turn-toolbar">
      <div className="segments" role="group" aria-label="View">
        {VIEWS.map((one) => (
          <button key={one} type="button" className="button" aria-pressed={one === view} onClick={() => setView(one)}>
            {VIEW_NAMES[one]}
          </button>
        ))}
      </div>
      <div className="filters">
        {view === 'tree' && (
          <>
            <TextFilter key={find} label="Find" value={find} onChange={setFind} placeholder="name, tool, error" />
            <Choice label="Rows" value={size} options={ROW_NAMES} onChange={setSize} />
          </>
        )}
        {view !== 'graph' && (
          <Choice
            label="Width"
            value={width}
            options={[['duration', 'by duration'], ['tokens', hasTokens ? 'by output tokens' : 'by output tokens (none here)']]}
            onChange={setWidth}
            disabled={!hasTokens}
          />
        )}
        {view === 'tree' && (
          <label className="check">
            <input type="checkbox" checked={folds === 'yes'} disabled={find !== ''} onChange={({ target }) => setFolds(target.checked ? 'yes' : 'no')} /> Fold runs
          </label>
        )}
        {view !== 'graph' && (
          <button type="button" className="button" disabled={isWhole(sight)} onClick={() => onSight(WHOLE)}>
            Fit
          </button>
        )}
        <Playback whole={whole} playedTo={playedTo} onPlay={onPlay} />
      </div>
      {view === 'tree' && counts[1] < counts[0] && (
        <span className="quiet">
          {countOf(counts[1])} lines of {countOf(counts[0])} operations
        </span>
      )}
    </div>
  );
} // prettier-ignore
