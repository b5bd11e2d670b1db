import { useState } from 'react';
import { type Message } from './messages';

/** More is shown on demand: a page with megabytes of text is slow, and nobody reads it. */
const MOST_CHARS = 4_000;

function useShortened(text: string): readonly [string, (() => void) | null] {
  const [isWhole, setWhole] = useState(false);
  const isLong = text.length > MOST_CHARS && !isWhole;
  return [isLong ? text.slice(0, MOST_CHARS) : text, isLong ? () => setWhole(true) : null];
}

const More = ({ left, show }: { readonly left: number; readonly show: () => void }) => (
  <button type="button" className="button" onClick={show}>
    Show {left.toLocaleString('en-US')} more characters
  </button>
);

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

export function Json({ title, text }: { readonly title: string; readonly text: string }) {
  const whole = indented(text);
  const [shown, show] = useShortened(whole);
  return (
    <div className="content">
      <h3>{title}</h3>
      <pre tabIndex={0}>{shown}</pre>
      {show && <More left={whole.length - shown.length} show={show} />}
    </div>
  );
}

export const Chat = ({ title, messages }: { readonly title: string; readonly messages: readonly Message[] }) => (
  <div className="content">
    <h3>{title}</h3>
    <ol className="chat">
      {messages.map((message, i) => (
        <Said key={i} message={message} />
      ))}
    </ol>
  </div>
);

function Said({ message: { role, text, calls } }: { readonly message: Message }) {
  const [shown, show] = useShortened(text);
  return (
    <li data-role={role}>
      {role !== '' && <span className="quiet">{role}</span>}
      {shown !== '' && <p>{shown}</p>}
      {show && <More left={text.length - shown.length} show={show} />}
      {calls.length > 0 && <span className="quiet">asks for {calls.join(', ')}</span>}
    </li>
  );
}
