import { TableFrame } from '../../design/parts';
import { Link } from 'wouter';
import { Download } from '../../design/download';
import { Section } from '../../design/page';
import { countOf, durationOf, shareOf } from '../../format/numbers';
import { useHere } from '../../shell/url';
import { type Answer } from './questions';
import { intentName, type State, stateName, stateParam } from './words';

type DropOff = Answer<'getFlows'>['drop_offs'][number];
type Loop = Answer<'getFlows'>['loops'][number];
const MOST = 50;

/** A link to the sessions of a state, where they can be asked for. */
function Behind({ state, next, what }: { readonly state: State; readonly next: string | null; readonly what: string }) {
  const here = useHere();
  const param = stateParam(state);
  if (param === null || next === null) return <span className="quiet" title="Other wishes are several: show more intents">–</span>;
  return (
    <Link href={here({ tab: 'journeys', state: param, next, turn: '', abandoned: '', reason: '' })}>
      Sessions<span className="visually-hidden"> {what}</span>
    </Link>
  );
} // prettier-ignore

/** Where users are lost: how many, of how many, and when. */
export function DropOffs({ dropOffs }: { readonly dropOffs: readonly DropOff[] }) {
  return (
    <Section title="Where users are lost" beside={<Download name="drop-offs" rows={dropOffs} columns={DROP_OFF_CSV} />}>
      {dropOffs.length === 0 ? (
        <p className="quiet">Nowhere: no session of this time ended with its user left unhelped, as far as the last turn tells.</p>
      ) : (
        <TableFrame label="Where users are lost">
          <table className="rows">
            <thead>
              <tr>
                <th scope="col">After</th><th scope="col" className="number">Left unhelped</th><th scope="col" className="number">Of such turns</th>
                <th scope="col" className="number">After, median</th><th scope="col" className="number">Turns, median</th><th scope="col">Behind it</th>
              </tr>
            </thead>
            <tbody>
              {dropOffs.map((one) => (
                <tr key={stateName(one)}>
                  <td title={stateName(one)}>{stateName(one)}</td>
                  <td className="number">{countOf(Math.round(one.abandoned))}</td>
                  <td className="number">{shareOf(one.abandoned, one.turns)}</td>
                  <td className="number">{durationOf(one.left_after_ms)}</td>
                  <td className="number">{countOf(one.left_after_turns)}</td>
                  <td><Behind state={one} next="abandoned" what={`left after ${stateName(one)}`} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      <p className="quiet">
        {dropOffs.length >= MOST ? `The ${MOST} states after which most left. ` : ''}After: from the start of the session to the end of its last turn. Who was
        helped badly and left without a word is not found.
      </p>
    </Section>
  );
} // prettier-ignore

/** Ways that lead back to the wish they came from. A Sankey diagram has no room for them: they are listed. */
export function Loops({ loops }: { readonly loops: readonly Loop[] }) {
  return (
    <Section title="Circles" beside={<Download name="circles" rows={loops} columns={LOOP_CSV} />}>
      {loops.length === 0 ? (
        <p className="quiet">Nobody asked for the same again in the next turn.</p>
      ) : (
        <TableFrame label="Circles">
          <table className="rows">
            <thead>
              <tr>
                <th scope="col">The same wish again</th><th scope="col">The turn ended</th><th scope="col">The next one</th>
                <th scope="col" className="number">Times</th><th scope="col">Behind it</th>
              </tr>
            </thead>
            <tbody>
              {loops.map(({ from, to, times }) => (
                <tr key={`${stateName(from)} ${to.outcome}`}>
                  <td title={intentName(from.intent)}>↻ {intentName(from.intent)}</td>
                  <td>{from.outcome}</td>
                  <td>{to.outcome}</td>
                  <td className="number">{countOf(Math.round(times))}</td>
                  <td><Behind state={from} next={stateParam(to)} what={`from ${stateName(from)} to ${stateName(to)}`} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      {loops.length >= MOST && <p className="quiet">The {MOST} most frequent.</p>}
    </Section>
  );
} // prettier-ignore

const DROP_OFF_CSV = (['intent', 'outcome', 'turns', 'ended', 'abandoned', 'share', 'left_after_ms', 'left_after_turns'] as const).map((name) => ({ name, of: (one: DropOff) => one[name] })); // prettier-ignore
const LOOP_CSV = [
  { name: 'intent', of: ({ from }: Loop) => from.intent },
  { name: 'outcome', of: ({ from }: Loop) => from.outcome },
  { name: 'next_outcome', of: ({ to }: Loop) => to.outcome },
  { name: 'times', of: ({ times }: Loop) => times },
];
