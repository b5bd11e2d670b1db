import { type ReactNode, useCallback, useMemo } from 'react';
import { Link } from 'wouter';
import { Asked } from '../../design/asked';
import { Download } from '../../design/download';
import { Choice, TextFilter } from '../../design/fields';
import { Section } from '../../design/page';
import { Empty, Stat } from '../../design/parts';
import { DataTable, type TableColumn } from '../../design/table';
import { turnsHref } from '../../format/links';
import { countOf, shareOf } from '../../format/numbers';
import { useHere, useUrl } from '../../shell/url';
import { DropOffs, Loops } from './flow-lists';
import { FlowChart } from './flow-chart';
import { FlowFilters, useFlowFilter } from './flow-filters';
import { type Answer, useFlows } from './questions';
import { behind, type FlowGraph, flowGraph, type FlowLink, type FlowNode } from './sankey';
import { OTHER } from './words';

const STEPS = ['2', '3', '4', '5', '7', '10'] as const;
const INTENTS = ['5', '10', '20', '50'] as const;
const MOST_LINKS = 300;
/** Drop-offs and circles of one answer. */
const MOST_LISTED = 50;

type Flows = Answer<'getFlows'>;

const oneOf = <T extends string>(values: readonly T[], given: string, fallback: T): T => values.find((one) => one === given) ?? fallback; // prettier-ignore
/** A count as it is typed; anything else is 1. */
const leastOf = (typed: string): number => Math.max(1, Math.floor(Number(typed)) || 1);

/** How users go from wish to wish, where they go round in circles, and where they are lost. */
export function FlowTab() {
  const { chosen, fromTo } = useFlowFilter();
  const [askedSteps, setSteps] = useUrl('steps', '5');
  const [askedIntents, setIntents] = useUrl('intents', '10');
  const [least, setLeast] = useUrl('least', '1');
  const steps = Number(oneOf(STEPS, askedSteps, '5'));
  const flows = useFlows({ ...fromTo, ...chosen, steps, intents: Number(oneOf(INTENTS, askedIntents, '10')), limit: MOST_LINKS });
  return (
    <>
      <div className="filters">
        <FlowFilters />
        <Choice label="Turns shown" value={String(steps)} options={STEPS.map((one) => [one, `the first ${one}`])} onChange={setSteps} />
        <Choice label="Intents with a bar of their own" value={oneOf(INTENTS, askedIntents, '10')} options={INTENTS.map((one) => [one, `the ${one} most frequent`])} onChange={setIntents} />
        <TextFilter key={least} label="At least, sessions" value={least} onChange={(value) => setLeast(String(leastOf(value)))} />
      </div>
      <Asked {...flows} height={760}>
        {(data) =>
          data.sessions === 0 ? (
            <Empty title="No session in this time">
              <p className="quiet">
                Choose a longer time or take out a filter. Turns of one conversation become a session where their events name it
                (<code>session_id</code>, <code>gen_ai.conversation.id</code>), or by user and service where they do not.
              </p>
            </Empty>
          ) : (
            <Flow data={data} steps={steps} least={leastOf(least)} />
          )
        }
      </Asked>
    </>
  );
} // prettier-ignore

function Flow({ data, steps, least }: { readonly data: Flows; readonly steps: number; readonly least: number }) {
  const graph = useMemo(() => flowGraph(data, steps, least), [data, steps, least]);
  const { sessions, left_out: leftOut, drop_offs: dropOffs } = data;
  const lost = dropOffs.reduce((sum, { abandoned }) => sum + abandoned, 0);
  const again = data.loops.reduce((sum, { times }) => sum + times, 0);
  const tipOf = useCallback((of: FlowNode | FlowLink, isPinned: boolean) => <FlowTip of={of} all={sessions} isPinned={isPinned} />, [sessions]);
  return (
    <>
      <dl className="stats">
        <Stat name="Sessions">{countOf(Math.round(sessions))}</Stat>
        <Stat name="Left unhelped" beside={`${shareOf(lost, sessions)} of sessions${dropOffs.length >= MOST_LISTED ? ' at least' : ''}`}>{countOf(Math.round(lost))}</Stat>
        <Stat name="The same wish again" beside={`in the turn right after${data.loops.length >= MOST_LISTED ? ', at least' : ''}`}>{countOf(Math.round(again))}</Stat>
        <Stat name="States and ways shown" beside={leftOut.links > 0 || graph.hidden.links > 0 ? 'not all: see below' : 'all there are'}>
          {countOf(graph.nodes.length)} and {countOf(graph.links.length)}
        </Stat>
      </dl>
      <Section title="From turn to turn">
        {graph.links.length === 0 ? (
          <Empty title="No way was taken that often"><p className="quiet">Fewer than {countOf(least)} sessions took each of them: ask for a smaller number above.</p></Empty>
        ) : (
          <FlowChart graph={graph} tipOf={tipOf} />
        )}
        <p className="quiet">
          Each column is a turn; a bar is what was wanted and how the turn ended, unless it was answered. Ways lead to the right only: a wish that comes
          again stands in the next column, and all that come again are listed under Circles.
          {leftOut.links > 0 && ` ${countOf(leftOut.links)} rarer ways (${countOf(Math.round(leftOut.sessions))} steps) are beyond the ${MOST_LINKS} that are loaded.`}
          {graph.hidden.links > 0 && ` ${countOf(graph.hidden.links)} ways (${countOf(Math.round(graph.hidden.sessions))} steps) were taken less often than asked for.`}
        </p>
      </Section>
      <DropOffs dropOffs={dropOffs} />
      <Loops loops={data.loops} />
      <Ways graph={graph} />
    </>
  );
} // prettier-ignore

/** What is said of a state or a way, and where it leads when it is kept. */
function FlowTip({ of, all, isPinned }: { readonly of: FlowNode | FlowLink; readonly all: number; readonly isPinned: boolean }): ReactNode {
  const { times, chosen } = useFlowFilter();
  const here = useHere();
  const isNode = 'state' in of;
  const state = isNode ? of.state : of.source.state;
  const found = behind(of);
  return (
    <>
      <strong>{isNode ? of.name : `${of.source.name} → ${of.target.name}`}</strong>
      <span>
        {countOf(Math.round(of.sessions))} sessions, {isNode ? shareOf(of.sessions, all) : shareOf(of.sessions, of.source.sessions)}{' '}
        {isNode ? 'of all' : `of those in ${of.source.name}`}
        {isNode ? (of.state ? `, turn ${of.step}` : '') : `, after turn ${of.source.step}`}
      </span>
      {isPinned && ('params' in found ? <Link href={here({ tab: 'journeys', ...NO_STATE, ...found.params })}>The sessions behind it</Link> : <span className="quiet">{found.why}</span>)}
      {isPinned && state !== null && state.intent !== OTHER && (
        <>
          <Link href={turnsHref({ ...times, service: chosen.service, intent: state.intent, outcome: state.outcome })}>Turns in {isNode ? 'this state' : 'the first state'}</Link>
          {state.intent !== '' && <Link href={here({ tab: 'compare', intent: state.intent })}>Compare groups of sessions with this wish</Link>}
        </>
      )}
    </>
  );
} // prettier-ignore
/** What a link to sessions replaces. */
const NO_STATE = { state: '', turn: '', next: '', abandoned: '', reason: '' };

/** The diagram for those who read it: every way with its sessions. */
function Ways({ graph }: { readonly graph: FlowGraph }) {
  const here = useHere();
  const columns = useMemo((): readonly TableColumn<FlowLink>[] => {
    const listed = (link: FlowLink): ReactNode => {
      const found = behind(link);
      return 'params' in found ? <Link href={here({ tab: 'journeys', ...NO_STATE, ...found.params })}>Sessions</Link> : <span className="quiet" title={found.why}>–</span>;
    };
    return [
      { id: 'turn', name: 'Turn', cell: ({ source }) => source.step, sortBy: ({ source }) => source.step, isNumber: true, width: '70px' },
      { id: 'from', name: 'From', cell: ({ source }) => <span title={source.name}>{source.name}</span>, sortBy: ({ source }) => source.name },
      { id: 'to', name: 'To', cell: ({ target }) => <span title={target.name}>{target.name}</span>, sortBy: ({ target }) => target.name },
      { id: 'sessions', name: 'Sessions', cell: ({ sessions }) => countOf(Math.round(sessions)), sortBy: ({ sessions }) => sessions, isNumber: true },
      { id: 'share', name: 'Of these', cell: ({ sessions, source }) => shareOf(sessions, source.sessions), sortBy: ({ sessions, source }) => sessions / source.sessions, isNumber: true },
      { id: 'behind', name: 'Behind it', cell: listed, width: '110px' },
    ];
  }, [here]);
  return (
    <Section title="The same as a table" beside={<Download name="flows" rows={graph.links} columns={CSV} />}>
      <DataTable label="Ways from turn to turn" rows={graph.links} columns={columns} rowId={({ source, target }) => JSON.stringify([source.id, target.id])} maxHeight={400} />
    </Section>
  );
} // prettier-ignore

const CSV = [
  { name: 'turn', of: ({ source }: FlowLink) => source.step },
  { name: 'from', of: ({ source }: FlowLink) => source.name },
  { name: 'to', of: ({ target }: FlowLink) => target.name },
  { name: 'sessions', of: ({ sessions }: FlowLink) => sessions },
];
