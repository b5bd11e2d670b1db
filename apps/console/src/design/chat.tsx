import { LongText } from './json';
import { type Message } from './messages';
import './content.css';

/** Messages in order; of very many the first and the last, for those between repeat in each call of a model. */
const MOST_MESSAGES = 40;

export function Chat({ title, messages }: { readonly title: string; readonly messages: readonly Message[] }) {
  const left = messages.length - MOST_MESSAGES;
  const shown = left > 0 ? [...messages.slice(0, 2), ...messages.slice(2 - MOST_MESSAGES)] : messages;
  return (
    <div className="content">
      <div className="content-head">
        <h3>{title}</h3>
        {left > 0 && <span className="quiet">{left} messages between the second and the last are not shown</span>}
      </div>
      <ol className="chat">
        {shown.map((message, i) => (
          <Said key={i} message={message} />
        ))}
      </ol>
    </div>
  );
}

const Said = ({ message: { role, text, calls } }: { readonly message: Message }) => (
  <li data-role={role}>
    {role !== '' && <span className="quiet">{role}</span>}
    {text !== '' && (
      <p>
        <LongText text={text} />
      </p>
    )}
    {calls.length > 0 && <span className="quiet">asks for {calls.join(', ')}</span>}
  </li>
);
