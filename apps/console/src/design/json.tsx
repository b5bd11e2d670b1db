import { useState } from 'react';
import { Copy } from './copy';
import { compact, jsonOf } from './diff-json';
import './content.css';

/** More is shown on demand: a page with megabytes of text is slow, and nobody reads it. */
const MOST_CHARS = 4_000;
/** Entries that are drawn at once, characters of one value, and how much opens by itself. */
const MOST_ENTRIES = 100;
const MOST_OF_VALUE = 300;
const OPEN_DEPTH = 2;
const OPEN_ENTRIES = 20;
const PREVIEW = 60;

/** Text of any length, of which the first part shows. */
export function LongText({ text, most = MOST_CHARS }: { readonly text: string; readonly most?: number }) {
  const [isWhole, setWhole] = useState(false);
  const left = text.length - most;
  return (
    <>
      {isWhole || left <= 0 ? text : text.slice(0, most)}
      {left > 0 && !isWhole && (
        <>
          {' '}
          <button type="button" className="more" onClick={() => setWhole(true)}>
            Show {left.toLocaleString('en-US')} more characters
          </button>
        </>
      )}
    </>
  );
}

/** What an operation was given or gave: JSON as a tree of which only what is open is drawn, anything else as text. */
export function Json({ title, text }: { readonly title: string; readonly text: string }) {
  const value = jsonOf(text);
  return (
    <div className="content">
      <div className="content-head">
        <h3>{title}</h3>
        <Copy text={text} name="Copy" />
      </div>
      {value === undefined ? (
        <pre tabIndex={0}>
          <LongText text={text} />
        </pre>
      ) : (
        <div className="json" tabIndex={0} role="group" aria-label={title}>
          <JsonNode name="" value={value} depth={0} />
        </div>
      )}
    </div>
  );
}

interface JsonNodeProps {
  readonly name: string;
  readonly value: unknown;
  readonly depth: number;
}

function JsonNode({ name, value, depth }: JsonNodeProps) {
  if (typeof value !== 'object' || value === null) return <Leaf name={name} value={value} />;
  const entries = Array.isArray(value)
    ? value.map((one: unknown, i) => [String(i), one] as const)
    : Object.entries(value as Record<string, unknown>);
  if (entries.length === 0) return <Leaf name={name} value={value} />;
  return <Branch name={name} value={value} depth={depth} entries={entries} />;
}

interface BranchProps extends JsonNodeProps {
  readonly entries: readonly (readonly [string, unknown])[];
}
function Branch({ name, value, depth, entries }: BranchProps) {
  const [isOpen, setOpen] = useState(depth < OPEN_DEPTH && entries.length <= OPEN_ENTRIES);
  const [most, setMost] = useState(MOST_ENTRIES);
  const size = `${entries.length.toLocaleString('en-US')} ${Array.isArray(value) ? 'items' : 'fields'}`;
  return (
    <div className="json-node">
      <button type="button" className="json-twist" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span>
        {name !== '' && <span className="json-name">{name}</span>}
        <span className="quiet">{isOpen ? size : shortened(value)}</span>
      </button>
      {isOpen && (
        <div className="json-below">
          {entries.slice(0, most).map(([key, one]) => (
            <JsonNode key={key} name={key} value={one} depth={depth + 1} />
          ))}
          {entries.length > most && (
            <button type="button" className="more" onClick={() => setMost(most + MOST_ENTRIES)}>
              Show {Math.min(MOST_ENTRIES, entries.length - most)} of {(entries.length - most).toLocaleString('en-US')} more
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function shortened(value: unknown): string {
  const text = compact(value);
  return text.length > PREVIEW ? `${text.slice(0, PREVIEW)}…` : text;
}

const Leaf = ({ name, value }: { readonly name: string; readonly value: unknown }) => (
  <div className="json-leaf">
    {name !== '' && <span className="json-name">{name}</span>}
    <span className="json-value" data-type={value === null ? 'null' : typeof value}>
      {typeof value === 'string' ? <LongText text={value} most={MOST_OF_VALUE} /> : compact(value)}
    </span>
  </div>
);
