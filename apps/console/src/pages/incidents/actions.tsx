import { useMemo, useState } from 'react';
import { useCan } from '../../api/session';
import { Copy } from '../../design/copy';
import { Failure } from '../../design/parts';
import { useNow } from '../../shell/preferences';
import { type PageKey, usePageKeys } from '../../shell/page-keys';
import { type Deed, doneOf } from './deeds';
import { DeedDialog, type Asking } from './deed-forms';
import { type IncidentAnswer, type Why } from './questions';
import { stateOf, type useDeeds } from './use-deeds';
import { summaryText } from './summary-text';

interface ActionsProps {
  readonly answer: IncidentAnswer;
  readonly why: Why | undefined;
  readonly deeds: ReturnType<typeof useDeeds>;
}

/** What can be done with the incident, by buttons and keys, and what came of it. */
export function Actions({ answer, why, deeds }: ActionsProps) {
  const { can, why: whyNot } = useCan('control');
  const now = useNow();
  const [asking, setAsking] = useState<Asking | null>(null);
  const { incident } = answer;
  const isOver = incident.state === 'closed';
  const { run } = deeds;
  const buttons = useMemo(
    () =>
      [
        { key: 'a', name: 'Acknowledge', does: 'Acknowledge the incident', off: isOver || incident.acknowledged_at !== null, run: () => run({ kind: 'acknowledge' }, incident) },
        { key: 'o', name: 'Assign…', does: 'Assign the incident to an owner', off: isOver, run: () => setAsking({ kind: 'assign' }) },
        { key: 's', name: 'Silence…', does: 'Silence its alerts for a while', off: isOver, run: () => setAsking({ kind: 'silence' }) },
        { key: 'n', name: 'Note…', does: 'Write a note', off: false, run: () => setAsking({ kind: 'note' }) },
        { key: 'r', name: 'Resolve…', does: 'Resolve the incident', off: isOver, run: () => setAsking({ kind: 'resolve' }) },
      ] as const,
    [incident, isOver, run],
  );
  const keys = useMemo<readonly PageKey[]>(() => (can ? buttons.filter(({ off }) => !off) : []), [buttons, can]);
  usePageKeys(keys);
  const reasonOf = (name: string): string | undefined => whyNot ?? (name === 'Acknowledge' && incident.acknowledged_at !== null ? `${incident.acknowledged_by} did already` : isOver ? 'It is resolved; a note can still be written' : undefined);
  return (
    <div className="incident-actions">
      <div className="incident-buttons" role="group" aria-label="What can be done">
        {buttons.map(({ key, name, off, run: start }) => (
          <button key={key} type="button" className="button" disabled={!can || off || deeds.isSending} title={!can || off ? reasonOf(name) : undefined} onClick={start} data-main={name === 'Acknowledge' && can && !off ? 'true' : undefined}>
            {name} <kbd>{key.toUpperCase()}</kbd>
          </button>
        ))}
        <Copy text={() => summaryText(answer, why, location.href, now)} name="Copy as text" />
      </div>
      {whyNot !== undefined && <p className="quiet">{whyNot}: it can be read only.</p>}
      {deeds.failure !== null && <Failure error={deeds.failure} />}
      <Outcome deeds={deeds} answer={answer} onUndo={(undo) => run(undo, incident)} />
      <DeedDialog asking={asking} incident={incident} by={deeds.by} onClose={() => setAsking(null)} onDo={(deed) => { setAsking(null); run(deed, incident); }} />
    </div>
  );
} // prettier-ignore

interface OutcomeProps {
  readonly deeds: ReturnType<typeof useDeeds>;
  readonly answer: IncidentAnswer;
  readonly onUndo: (undo: Deed) => void;
}
/** What came of what was done last. */
function Outcome({ deeds: { sent, forget }, answer, onUndo }: OutcomeProps) {
  const now = useNow();
  const state = sent === null ? null : stateOf(sent, answer, now);
  return (
    <div role="status" aria-live="polite">
      {sent && state && (
        <p className="incident-done" data-state={state}>
          <span>
            {state === 'taken' && `${doneOf(sent.deed)}.`}
            {state === 'waiting' && 'Sent; the services take it in a moment…'}
            {state === 'late' && 'Sent, but not taken yet: it is once the incidents service runs again (telltale doctor says whether it does).'}
          </span>
          {state !== 'waiting' && sent.undo && (
            <button type="button" className="button" onClick={() => sent.undo && onUndo(sent.undo)}>
              Undo
            </button>
          )}
          {state !== 'waiting' && (
            <button type="button" className="button" onClick={forget}>
              Close
            </button>
          )}
        </p>
      )}
    </div>
  );
} // prettier-ignore
