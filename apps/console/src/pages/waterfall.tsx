import { type KeyboardEvent } from 'react';
import { durationOf } from '../format/numbers';
import { type Step } from './steps';

const MAX_INDENT = 12;

interface WaterfallProps {
  readonly steps: readonly Step[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

/** The operations of a turn, each a row: in the left half the tree, in the right half when it ran. */
export function Waterfall({ steps, chosen, onChoose }: WaterfallProps) {
  const at = steps.findIndex(({ operation }) => operation.id === chosen);
  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const by = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    const next = by === undefined ? undefined : steps[at + by];
    if (!next) return;
    event.preventDefault();
    onChoose(next.operation.id);
    event.currentTarget.querySelector(`[data-row="${at + (by ?? 0)}"]`)?.scrollIntoView({ block: 'nearest' });
  }
  return (
    <div
      className="waterfall"
      role="listbox"
      tabIndex={0}
      aria-label="Operations of the turn"
      aria-activedescendant={at < 0 ? undefined : `step-${at}`}
      onKeyDown={onKeyDown}
    >
      {steps.map(({ operation, depth, from, width }, row) => (
        <div
          key={operation.id}
          id={`step-${row}`}
          data-row={row}
          role="option"
          aria-selected={row === at}
          className="step"
          data-failed={operation.status === 'error' || undefined}
          onClick={() => onChoose(operation.id)}
        >
          <span className="step-name" style={{ paddingLeft: Math.min(depth, MAX_INDENT) * 14 }} title={operation.name}>
            <span className="kind" data-kind={operation.kind}>
              {operation.name || operation.kind}
            </span>
          </span>
          <span className="step-time">{durationOf(operation.duration_ms)}</span>
          <span className="step-track" aria-hidden="true">
            <span className="step-bar" data-kind={operation.kind} style={{ left: `${from * 100}%`, width: `${width * 100}%` }} />
          </span>
        </div>
      ))}
    </div>
  );
}
