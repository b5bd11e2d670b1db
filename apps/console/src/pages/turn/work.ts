import { type Attempts } from './model/attempts';
import { type Extent, type Width } from './model/axis';
import { type TurnOperation } from './model/operation';
import { type OperationNode, type TurnTree } from './model/tree';
import { type Sight } from './model/zoom';
import { type Mark } from '../../api/deploys';

/** What every view of a turn's work is drawn from; it stays the same while another operation is chosen. */
export interface Work {
  readonly turnId: string;
  readonly tree: TurnTree;
  readonly extents: ReadonlyMap<string, Extent>;
  readonly width: Width;
  readonly sight: Sight;
  readonly onSight: (sight: Sight) => void;
  readonly attempts: (node: OperationNode) => Attempts;
  readonly slowness: (operation: TurnOperation) => string | null;
  /** What explanations say of operations, by id. */
  readonly findings: ReadonlyMap<string, readonly string[]>;
  /** ms from the start of the turn that playback is at; null while it is not used. */
  readonly playedTo: number | null;
  readonly deploys: readonly Mark[];
}

/** Whether playback has come to an operation: not begun, running, or over. */
export function stateAt({ tree, playedTo }: Pick<Work, 'tree' | 'playedTo'>, node: OperationNode): 'ahead' | 'running' | 'over' {
  if (playedTo === null) return 'over';
  const at = tree.start + playedTo;
  return node.start > at ? 'ahead' : node.end >= at ? 'running' : 'over';
}

export interface ViewProps {
  readonly work: Work;
  readonly chosen: string;
  readonly choose: (id: string) => void;
  /** To what is known of the chosen operation. */
  readonly onOpen: () => void;
}
