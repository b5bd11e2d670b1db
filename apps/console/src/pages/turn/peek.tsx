import { Outcome } from '../../design/parts';
import { durationOf } from '../../format/numbers';
import { type TurnOperation } from './model/operation';

interface PeekProps {
  readonly name: string;
  readonly operation: TurnOperation;
  readonly onOpen: () => void;
}

/** On a phone: what was chosen, at the foot of the screen, and the way to all of it. */
export const Peek = ({ name, operation, onOpen }: PeekProps) => (
  <div className="peek">
    <span className="peek-name">
      <span className="kind" data-kind={operation.kind}>
        {name}
      </span>
    </span>
    <span>{durationOf(operation.duration_ms)}</span>
    <Outcome of={operation.status} />
    <button type="button" className="button" onClick={onOpen}>
      Open
    </button>
  </div>
);
