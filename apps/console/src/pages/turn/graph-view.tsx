import {
  Background,
  Controls,
  type Edge,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { useMemo } from 'react';
import { countOf, durationOf } from '../../format/numbers';
import { type GraphNode, graphOf } from './model/graph';
import { stateAt, type ViewProps, type Work } from './work';

const COLUMN_PX = 250;
const ROW_PX = 96;

interface NodeData extends Record<string, unknown> {
  readonly of: GraphNode;
  readonly state: 'ahead' | 'running' | 'over';
  readonly done: number;
  readonly isChosen: boolean;
  readonly choose: () => void;
}
type FlowNode = Node<NodeData, 'calls'>;

/** Where playback is with all operations of a node, and how many have begun. */
function progressOf({ nodes }: GraphNode, work: Work): Pick<NodeData, 'state' | 'done'> {
  const states = nodes.map((node) => stateAt(work, node));
  const done = states.filter((state) => state !== 'ahead').length;
  return { state: states.includes('running') ? 'running' : done === 0 ? 'ahead' : 'over', done };
}

/** A click goes to the first that failed, and from there to the next of the same. */
function nextOf({ nodes }: GraphNode, chosen: string): string {
  const failed = nodes.filter(({ operation }) => operation.status === 'error');
  const list = failed.length > 0 ? failed : nodes;
  const at = list.findIndex(({ id }) => id === chosen);
  return list[(at + 1) % list.length]?.id ?? '';
}

/** Who called whom in the turn, calls of the same as one node. */
export default function GraphView({ work, chosen, choose }: ViewProps) {
  const graph = useMemo(() => graphOf(work.tree), [work.tree]);
  const nodes = graph.nodes.map((of): FlowNode => ({
    id: of.id,
    type: 'calls',
    position: { x: of.level * COLUMN_PX, y: of.place * ROW_PX },
    data: { of, ...progressOf(of, work), isChosen: of.nodes.some(({ id }) => id === chosen), choose: () => choose(nextOf(of, chosen)) },
  }));
  const states = new Map(nodes.map(({ id, data }) => [id, data.state]));
  const edges = graph.edges.map(({ id, from, to, calls }): Edge => ({
    id,
    source: from,
    target: to,
    ...(calls > 1 ? { label: `×${countOf(calls)}` } : {}),
    animated: states.get(to) === 'running' && work.playedTo !== null,
    markerEnd: { type: MarkerType.ArrowClosed },
  }));
  return (
    <div className="graph">
      <ReactFlow<FlowNode>
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        fitView
        minZoom={0.1}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        zoomOnScroll={false}
        preventScrolling={false}
        aria-label="Who called whom"
      >
        <Background />
        <Controls showInteractive={false} />
      </ReactFlow>
      {graph.leftOut > 0 && <p className="quiet graph-note">{countOf(graph.leftOut)} more kinds of operations with fewer calls are not drawn</p>}
    </div>
  );
} // prettier-ignore

const CallsNode = ({ data: { of, state, done, isChosen, choose } }: NodeProps<FlowNode>) => (
  <button type="button" className="graph-node nodrag nopan" data-state={state} data-failed={of.failed > 0 || undefined} aria-pressed={isChosen} onClick={choose}>
    <Handle type="target" position={Position.Left} isConnectable={false} />
    <span className="kind" data-kind={of.kind}>
      {of.name}
    </span>
    <span className="quiet">
      {state === 'over' ? '' : `${countOf(done)} of `}
      {countOf(of.nodes.length)} {of.nodes.length === 1 ? 'call' : 'calls'}, {durationOf(of.totalMs)}
      {of.failed > 0 && `, ${countOf(of.failed)} failed`}
    </span>
    <Handle type="source" position={Position.Right} isConnectable={false} />
  </button>
); // prettier-ignore
const NODE_TYPES = { calls: CallsNode };
