import { useCallback, useDeferredValue, useMemo, useState } from 'react';
import { useSearchParams } from 'wouter';
import { useDeploys } from '../../api/deploys';
import { loadedLater } from '../../design/loaded-later';
import { Empty, Skeleton } from '../../design/parts';
import { useNarrow } from '../../design/use-media';
import { useRestingUrl, useUrlChange } from '../../shell/url';
import { CompactView } from './compact-view';
import { findingsByOperation } from './findings';
import { Legend } from './legend';
import { attemptsOf } from './model/attempts';
import { extentsOf, WIDTHS } from './model/axis';
import { slownessOf } from './model/departures';
import { keysOf, keysText, playedOf, playedText, sightOf, zoomText } from './model/in-address';
import { type TurnAnswer, type TurnOperation } from './model/operation';
import { hidingOf, rowsOf, type TreeRow } from './model/rows';
import { labelOf, type OperationNode, treeOf } from './model/tree';
import { type Sight } from './model/zoom';
import { OperationPanel } from './operation/operation-panel';
import { Peek } from './peek';
import { useExplanation, useTurnUsual } from './questions';
import { ROW_SIZES, Toolbar } from './toolbar';
import { TreeView } from './tree-view';
import { VIEWS } from './views';
import { type ViewProps, type Work } from './work';

const { page: GraphView } = loadedLater(
  () => import('./graph-view'),
  () => <Skeleton height={420} />,
);

interface WorkViewProps {
  readonly id: string;
  readonly operations: readonly TurnOperation[];
  readonly turn: TurnAnswer['turn'];
  readonly chosen: string;
  readonly choose: (id: string) => void;
}

function matcher(find: string): ((node: OperationNode) => boolean) | undefined {
  const sought = find.trim().toLowerCase();
  if (sought === '') return undefined;
  return ({ operation: { name, tool_name: tool, model, error_type: type, error_message: message, line, kind } }) =>
    [name, tool, model, type, message, line, kind].some((text) => text.toLowerCase().includes(sought));
}

function flipped(keys: ReadonlySet<string>, those: readonly string[]): ReadonlySet<string> {
  const next = new Set(keys);
  for (const key of those) if (!next.delete(key)) next.add(key);
  return next;
}

/** The operation that a turn is looked at for where nobody chose one: the first that failed, by the end of its work. */
export function firstOf(operations: readonly TurnOperation[], turn: TurnAnswer['turn']): string {
  const failed = operations.filter(({ status }) => status === 'error');
  const named = failed.find(({ span_id: span }) => turn !== null && turn.first_failed_span_id !== '' && span === turn.first_failed_span_id);
  return (named ?? failed.find(({ kind }) => !['turn', 'agent', 'chain'].includes(kind)) ?? failed[0] ?? operations[0])?.id ?? '';
} // prettier-ignore

/** The work of a turn: tree and time line, compact, or as a graph, beside what is known of the chosen operation. */
export function WorkView({ id, operations, turn, chosen, choose }: WorkViewProps) {
  const [params] = useSearchParams();
  const change = useUrlChange();
  const isNarrow = useNarrow();
  const view = VIEWS.find((one) => one === params.get('view')) ?? 'tree';
  const width = WIDTHS.find((one) => one === params.get('width')) ?? 'duration';
  const folds = params.get('fold') !== 'no';
  const find = params.get('find') ?? '';
  const size = params.get('rows') ?? 'tall';
  const rowPx = size in ROW_SIZES ? ROW_SIZES[size as keyof typeof ROW_SIZES] : ROW_SIZES.tall;
  const [sight, setSight] = useState<Sight>(() => sightOf(params.get('zoom') ?? ''));
  const [playedTo, setPlayedTo] = useState(() => playedOf(params.get('played') ?? ''));
  const [toggled, setToggled] = useState(() => keysOf(params.get('toggled') ?? ''));
  useRestingUrl({ zoom: zoomText(sight), played: playedText(playedTo), toggled: keysText(toggled) });

  const tree = useMemo(() => treeOf(operations), [operations]);
  const extents = useMemo(() => extentsOf(tree, width), [tree, width]);
  const attempts = useMemo(() => attemptsOf(tree), [tree]);
  const usual = useTurnUsual(id).data;
  const slowness = useMemo(() => slownessOf(usual?.usual ?? []), [usual]);
  const explanation = useExplanation(id).data;
  const findings = useMemo(() => findingsByOperation(explanation), [explanation]);
  const matches = useMemo(() => matcher(find), [find]);
  // What is chosen is shown, whatever had been closed above it; it may be closed again.
  const [revealed, setRevealed] = useState('');
  const chosenNode = tree.byId.get(chosen);
  if (chosenNode && revealed !== chosen) {
    setRevealed(chosen);
    const hiding = hidingOf(chosenNode, tree.roots, { toggled, folds });
    if (hiding.length > 0) setToggled(flipped(toggled, hiding));
  }
  const rows = useMemo(() => rowsOf(tree, { toggled, folds, matches }), [tree, toggled, folds, matches]);
  const toggle = useCallback((row: TreeRow) => setToggled((before) => flipped(before, [row.key])), []);

  const from = new Date(tree.start).toISOString();
  const until = new Date(tree.end + 1).toISOString();
  const deploys = useDeploys({ since: from, until }, operations[0] && turn ? turn.service_name : undefined);
  const work = useMemo((): Work => ({ turnId: id, tree, extents, width, sight, onSight: setSight, attempts, slowness, findings, playedTo, deploys }), [id, tree, extents, width, sight, attempts, slowness, findings, playedTo, deploys]);
  const deferred = useDeferredValue(chosen);
  const node = tree.byId.get(deferred);
  if (tree.nodes.length === 0) return <Empty title="No operation of it is known" />;
  const part = params.get('part') === 'operation' ? 'operation' : 'work';
  const showPart = (next: 'work' | 'operation'): void => change({ part: next === 'work' ? '' : next }, { replace: true });
  const onOpen = (): void => {
    if (isNarrow) showPart('operation');
    else document.querySelector<HTMLElement>('.operation')?.focus();
  };
  const common: ViewProps = { work, chosen, choose, onOpen };
  return (
    <div className="turn-work">
      {isNarrow && (
        <div className="segments" role="group" aria-label="Part">
          <button type="button" className="button" aria-pressed={part === 'work'} onClick={() => showPart('work')}>Operations</button>
          <button type="button" className="button" aria-pressed={part === 'operation'} onClick={() => showPart('operation')}>Chosen operation</button>
        </div>
      )}
      {(!isNarrow || part === 'work') && (
        <Toolbar
          view={view} width={width} sight={sight} onSight={setSight} hasTokens={tree.roots.some(({ all }) => all.outputTokens > 0)} whole={Math.max(1, tree.end - tree.start)} playedTo={playedTo} onPlay={setPlayedTo}
          counts={[tree.nodes.length, rows.length]}
        />
      )}
      <div className="turn-view">
        {(!isNarrow || part === 'work') && (
          <div className="turn-drawn">
            {view === 'tree' && <TreeView {...common} rows={rows} rowPx={rowPx} onToggle={toggle} />}
            {view === 'compact' && <CompactView {...common} />}
            {view === 'graph' && <GraphView {...common} />}
            {view === 'tree' && rows.length === 0 && <p className="quiet">No operation has “{find}” in its name, tool or error</p>}
            <div className="turn-foot">
              <Legend tree={tree} />
              {view !== 'graph' && <span className="quiet">Drag zooms to the box, Ctrl and the wheel at the cursor, double click fits</span>}
            </div>
          </div>
        )}
        {node && (!isNarrow || part === 'operation') && <OperationPanel key={node.id} node={node} work={work} choose={choose} />}
      </div>
      {isNarrow && part === 'work' && node && <Peek name={labelOf(node.operation)} operation={node.operation} onOpen={onOpen} />}
    </div>
  );
} // prettier-ignore
