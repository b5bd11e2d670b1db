import { useMemo, useState } from 'react';
import { compact, type Difference, diffJson, diffLines, jsonOf } from './diff-json';
import { LongText } from './json';
import './content.css';

interface DiffProps {
  readonly title: string;
  readonly before: string;
  readonly after: string;
  /** What the two are called. */
  readonly names: readonly [before: string, after: string];
}

const WORDS = { same: '', changed: 'differs', added: 'only here', removed: 'missing here' } as const;
const MOST_ROWS = 200;
const MOST_OF_VALUE = 400;

/** Two values side by side, leaf by leaf where both are JSON, else line by line. What is the same is left out until it is asked for. */
export function Diff({ title, before, after, names }: DiffProps) {
  const [withSame, setWithSame] = useState(false);
  const [most, setMost] = useState(MOST_ROWS);
  const differences = useMemo(() => {
    const [a, b] = [jsonOf(before), jsonOf(after)];
    return a !== undefined && b !== undefined ? diffJson(a, b) : diffLines(before, after);
  }, [before, after]);
  const changed = differences.filter(({ change }) => change !== 'same');
  const rows = withSame ? differences : changed;
  const same = differences.length - changed.length;
  return (
    <div className="content">
      <div className="content-head">
        <h3>{title}</h3>
        <span className="quiet">
          {changed.length === 0 ? 'the same in both' : `${changed.length} of ${differences.length} differ`}
        </span>
        {same > 0 && (
          <label className="check">
            <input type="checkbox" checked={withSame} onChange={({ target }) => setWithSame(target.checked)} /> show what is the
            same
          </label>
        )}
      </div>
      {rows.length > 0 && (
        <div className="diff-frame" tabIndex={0} role="region" aria-label={title}>
          <table className="diff">
            <thead>
              <tr>
                <th scope="col">Where</th>
                <th scope="col">{names[0]}</th>
                <th scope="col">{names[1]}</th>
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, most).map((one, i) => (
                <DiffRow key={i} difference={one} />
              ))}
            </tbody>
          </table>
          {rows.length > most && (
            <button type="button" className="more" onClick={() => setMost(most + MOST_ROWS)}>
              Show more of {rows.length - most}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

const DiffRow = ({ difference: { path, change, before, after } }: { readonly difference: Difference }) => (
  <tr data-change={change}>
    <th scope="row">
      {path} <span className="quiet">{WORDS[change]}</span>
    </th>
    <td>
      <Value of={before} />
    </td>
    <td>
      <Value of={after} />
    </td>
  </tr>
);

const Value = ({ of }: { readonly of: unknown }) => (
  <LongText text={typeof of === 'string' ? of : compact(of)} most={MOST_OF_VALUE} />
);
