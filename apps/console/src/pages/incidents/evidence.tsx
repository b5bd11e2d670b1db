import { useState } from 'react';
import { Link } from 'wouter';
import { Asked } from '../../design/asked';
import { Kind, TableFrame } from '../../design/parts';
import { turnHref } from '../../format/links';
import { durationOf } from '../../format/numbers';
import { useUrl } from '../../shell/url';
import { type Cause, treeKey, type TurnTree, useTree } from './questions';
import { type DiffLine, diffOf, MOST_LINES, type Side } from './turn-diff';

/** A bad turn with the cause beside a good one like it without: what each did, step by step. */
export function Evidence({ cause: { evidence } }: { readonly cause: Cause }) {
  const [chosenBad, chooseBad] = useUrl('bad');
  const [chosenGood, chooseGood] = useUrl('good');
  const pick = (chosen: string, among: readonly string[]): string => (among.includes(chosen) ? chosen : (among[0] ?? ''));
  const [bad, good] = [pick(chosenBad, evidence.bad), pick(chosenGood, evidence.good)];
  const [ofBad, ofGood] = [useTree(bad), useTree(good)];
  if (bad === '' && good === '') return null;
  return (
    <section className="section" aria-label="A bad turn beside a good one">
      <h3>A bad turn beside a good one like it</h3>
      <div className="evidence-choice">
        <Picked name="Bad" ids={evidence.bad} chosen={bad} onChoose={chooseBad} />
        <Picked name="Good" ids={evidence.good} chosen={good} onChoose={chooseGood} />
      </div>
      {bad !== '' && good !== '' ? (
        <Asked of={ofBad} queryKey={treeKey(bad)} height={240}>
          {(badTree) => (
            <Asked of={ofGood} queryKey={treeKey(good)} height={240}>
              {(goodTree) => <Compared bad={badTree} good={goodTree} />}
            </Asked>
          )}
        </Asked>
      ) : (
        <p className="quiet">{bad === '' ? 'There is no bad turn to show' : 'There is no good turn without it to compare with'}; the other opens by its name.</p>
      )}
    </section>
  );
} // prettier-ignore

const alikeText = (count: number): string => (count === 1 ? 'Show the step that is alike' : `Show ${count} steps that are alike`);

interface PickedProps {
  readonly name: string;
  readonly ids: readonly string[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}
const Picked = ({ name, ids, chosen, onChoose }: PickedProps) => (
  <label className="field">
    <span>{name} turn</span>
    <span className="picked">
      <select value={chosen} disabled={ids.length < 2} onChange={({ target }) => onChoose(target.value)}>
        {ids.length === 0 && <option value="">none</option>}
        {ids.map((id) => (
          <option key={id}>{id}</option>
        ))}
      </select>
      {chosen !== '' && <Link href={turnHref(chosen)}>Open</Link>}
    </span>
  </label>
);

function Compared({ bad, good }: { readonly bad: TurnTree; readonly good: TurnTree }) {
  const [isAll, setAll] = useState(false);
  const lines = diffOf(bad.tree, good.tree);
  const different = lines.filter(({ differs, depth }) => differs !== '' || depth === 0);
  const shown = isAll ? lines : different;
  const isCut = bad.tree.length > MOST_LINES || good.tree.length > MOST_LINES || bad.truncated || good.truncated;
  return (
    <>
      <TableFrame label="What both turns did">
        <table className="rows evidence">
          <thead>
            <tr>
              <th scope="col">Step</th>
              <th scope="col" className="number">Bad turn</th>
              <th scope="col" className="number">Good turn</th>
              <th scope="col">What differs</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((line) => (
              <Step key={line.key} line={line} />
            ))}
          </tbody>
        </table>
      </TableFrame>
      <p className="quiet">
        {different.length - 1 <= 0 ? 'Their steps are alike. ' : ''}
        {lines.length > different.length && (
          <button type="button" className="button" onClick={() => setAll(!isAll)}>
            {isAll ? 'Only what differs' : alikeText(lines.length - different.length)}
          </button>
        )}
        {isCut && ` Of each turn the first ${MOST_LINES} steps are compared.`}
      </p>
    </>
  );
} // prettier-ignore

const Step = ({ line: { depth, kind, name, bad, good, differs } }: { readonly line: DiffLine }) => (
  <tr data-differs={differs !== '' || undefined}>
    <td style={{ paddingLeft: `calc(var(--s3) + ${Math.min(depth, 8)} * var(--s4))` }}>
      <Kind of={kind} /> {name}
    </td>
    <td className="number"><Shown side={bad} /></td>
    <td className="number"><Shown side={good} /></td>
    <td className="evidence-words">
      {differs}
      {bad?.error && <span className="bad"> {bad.error}</span>}
      {good?.error && <span className="quiet"> in the good one: {good.error}</span>}
    </td>
  </tr>
); // prettier-ignore

const Shown = ({ side }: { readonly side: Side | null }) =>
  side === null ? (
    <span className="quiet">not there</span>
  ) : (
    <>
      {side.calls > 1 && <span className="quiet">{side.calls} × </span>}
      {side.status === 'error' && <span className="bad">failed </span>}
      {durationOf(side.ms)}
    </>
  );
