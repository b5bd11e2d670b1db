import { type FormEvent, type ReactNode, useState } from 'react';
import { Dialog } from '../../design/dialog';
import { Choice, Field } from '../../design/fields';
import { type Deed, type Label, LABEL_NAMES } from './deeds';
import { type Anomaly, type IncidentAnswer } from './questions';

const HOUR = 3_600_000;
const SILENCES = [
  [HOUR / 2, '30 minutes'],
  [HOUR, '1 hour'],
  [4 * HOUR, '4 hours'],
  [24 * HOUR, '1 day'],
  [168 * HOUR, '7 days'],
  [720 * HOUR, '30 days'],
] as const;
const LABELLED = [
  [24 * HOUR, '1 day'],
  [168 * HOUR, '7 days'],
  [720 * HOUR, '30 days'],
] as const;
const offered = (spans: readonly (readonly [ms: number, name: string])[]) =>
  spans.map(([ms, name]) => [String(ms), name] as const);

/** What is asked about before it is done. */
export type Asking =
  { readonly kind: 'assign' | 'silence' | 'note' | 'resolve' } | { readonly kind: 'label'; readonly anomaly: Anomaly };

const TITLES: Readonly<Record<Asking['kind'], string>> = {
  assign: 'Assign the incident',
  silence: 'Silence its alerts',
  note: 'Write a note',
  resolve: 'Resolve the incident',
  label: 'Label the anomaly',
};

interface DeedDialogProps {
  readonly asking: Asking | null;
  readonly incident: IncidentAnswer['incident'];
  readonly by: string;
  readonly onClose: () => void;
  readonly onDo: (deed: Deed) => void;
}
export const DeedDialog = ({ asking, incident, by, onClose, onDo }: DeedDialogProps) => (
  <Dialog title={asking ? TITLES[asking.kind] : ''} isOpen={asking !== null} onClose={onClose}>
    {asking?.kind === 'assign' && <AssignForm owner={incident.owner || by} onDo={onDo} />}
    {asking?.kind === 'silence' && <SilenceForm onDo={onDo} />}
    {asking?.kind === 'note' && <NoteForm onDo={onDo} />}
    {asking?.kind === 'resolve' && <ResolveForm onDo={onDo} />}
    {asking?.kind === 'label' && <LabelForm anomaly={asking.anomaly} onDo={onDo} />}
  </Dialog>
);

interface FormProps {
  readonly onDo: (deed: Deed) => void;
}

const Form = ({ name, onSubmit, children }: { readonly name: string; readonly onSubmit: () => void; readonly children: ReactNode }) => (
  <form
    className="deed-form"
    onSubmit={(event: FormEvent) => {
      event.preventDefault();
      onSubmit();
    }}
  >
    {children}
    <button type="submit" className="button" data-main="true">
      {name}
    </button>
  </form>
); // prettier-ignore

interface WordsProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isNeeded?: boolean;
  readonly most?: number;
}
/** A dialog gives the focus to what has this attribute when it opens, which React's own does not set. */
const focusFirst = (element: HTMLElement | null): void => element?.setAttribute('autofocus', '');
const MOST_CHARACTERS = 500;
const MOST_OF_NAME = 200;
const Words = ({ label, value, onChange, isNeeded = false, most = MOST_CHARACTERS }: WordsProps) => (
  <Field label={label}>
    <input
      ref={focusFirst}
      value={value}
      required={isNeeded}
      maxLength={most}
      autoComplete="off"
      onChange={({ target }) => onChange(target.value)}
    />
  </Field>
);

function AssignForm({ owner: before, onDo }: FormProps & { readonly owner: string }) {
  const [owner, setOwner] = useState(before);
  return (
    <Form name={owner.trim() === '' ? 'Nobody owns it' : `Assign to ${owner.trim()}`} onSubmit={() => onDo({ kind: 'assign', owner: owner.trim() })}>
      <Words label="Owner; empty: nobody" value={owner} most={MOST_OF_NAME} onChange={setOwner} />
    </Form>
  );
} // prettier-ignore

function SilenceForm({ onDo }: FormProps) {
  const [ms, setMs] = useState(String(HOUR));
  const [note, setNote] = useState('');
  return (
    <Form name="Silence" onSubmit={() => onDo({ kind: 'silence', forMs: Number(ms), note: note.trim() })}>
      <p className="quiet">Its firing alerts are held back; that it is over is sent all the same.</p>
      <Choice label="For" value={ms} options={offered(SILENCES)} onChange={setMs} />
      <Words label="Why, for others" value={note} onChange={setNote} />
    </Form>
  );
}

function NoteForm({ onDo }: FormProps) {
  const [note, setNote] = useState('');
  return (
    <Form name="Add the note" onSubmit={() => onDo({ kind: 'note', note: note.trim() })}>
      <Words label="What is to be remembered" value={note} isNeeded onChange={setNote} />
    </Form>
  );
}

function ResolveForm({ onDo }: FormProps) {
  const [note, setNote] = useState('');
  return (
    <Form name="Resolve" onSubmit={() => onDo({ kind: 'resolve', note: note.trim() })}>
      <p className="quiet">
        It is over, whatever its anomalies do, and that is sent to whoever got its alert. This is not taken back here: it opens
        again by itself if its cause comes back within half an hour.
      </p>
      <Words label="What ended it, for others" value={note} onChange={setNote} />
    </Form>
  );
}

const LABELS = (Object.keys(LABEL_NAMES) as Label[]).map((label) => [label, LABEL_NAMES[label]] as const);
function LabelForm({ anomaly, onDo }: FormProps & { readonly anomaly: Anomaly }) {
  const [label, setLabel] = useState<string>('expected');
  const [ms, setMs] = useState(String(168 * HOUR));
  const known = LABELS.find(([one]) => one === label)?.[0] ?? 'expected';
  return (
    <Form name="Label" onSubmit={() => onDo({ kind: 'label', anomalyId: anomaly.id, label: known, forMs: Number(ms) })}>
      <p>{anomaly.summary}</p>
      <Choice label="It was" value={label} options={LABELS} onChange={setLabel} />
      {label !== 'real' && (
        <>
          <Choice label="The like of it for" value={ms} options={offered(LABELLED)} onChange={setMs} />
          <p className="quiet">
            Its series alerts a tenth as often for this time, and an open incident loses it. Undo ends the first, not the second.
          </p>
        </>
      )}
    </Form>
  );
}
