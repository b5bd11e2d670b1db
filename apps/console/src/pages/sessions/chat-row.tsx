import { Link } from 'wouter';
import { Badge, Outcome, Time } from '../../design/parts';
import { turnHref } from '../../format/links';
import { amountOf, countOf, durationOf, moneyOf, shareOf } from '../../format/numbers';
import { type ChatAnswer, type ChatTurn } from './questions';
import { wordsOf } from './signs';
import { TurnSummary } from './turn-summary';

interface ChatRowProps {
  readonly turn: ChatTurn;
  readonly number: number;
  /** Friction before it. */
  readonly before: number | null;
  readonly judgements: ChatAnswer['judgements'];
  readonly isChosen: boolean;
  readonly isOpen: boolean;
  readonly onOpen: (turn: string) => void;
  readonly onClose: () => void;
}

const sumOf = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((sum, n) => sum + n, 0);

/** One turn of a conversation: what was asked and answered, with marks where it rubs, beside what was done for it. */
export function ChatRow({ turn, number, before, judgements, isChosen, isOpen, onOpen, onClose }: ChatRowProps) {
  const { turn_id: id, asked, answered, signs, friction, outcome, outcome_reason: reason, duration_ms: ms, calls, errors, tools, retries, cost_nano_usd: cost } = turn;
  const failed = sumOf(errors);
  const href = turnHref(id);
  return (
    <li className="chat-turn" data-turn={id} aria-current={isChosen || undefined}>
      <div className="chat-seen">
        <div className="quiet chat-when">
          {number} · <Time at={turn.ts} by="clock" />
        </div>
        <Bubble role="user" said={asked} none="(no text of the request is known)" />
        {signs.length > 0 && (
          <p className="chat-signs">
            {signs.map((sign) => (
              <Badge key={sign} tone="warn">
                {wordsOf(sign)}
              </Badge>
            ))}
            {friction !== null && before !== null && friction > before && <span className="quiet">friction {shareOf(before, 1)} to {shareOf(friction, 1)}</span>}
          </p>
        )}
        <Bubble role="assistant" said={answered} none={outcome === 'abandoned' ? '(no answer)' : '(no text of the answer is known)'} />
        {judgements.map(({ id: judgement, kind, score_name: name, score_label: label, score_value: value, comment }) => (
          <p key={judgement} className="chat-judged">
            <strong>{kind}</strong> {name} {label} {value ?? ''} {comment}
          </p>
        ))}
      </div>
      <div className="chat-done">
        <p>
          <Outcome of={outcome} /> <span className="quiet">{reason}</span>
        </p>
        <p>
          <Link href={href}>{durationOf(ms)}</Link>, {amountOf(sumOf(calls), 'operation')}
          {failed > 0 && <>, <strong>{countOf(failed)} failed</strong></>}
          {retries > 0 && `, ${countOf(retries)} again`}, {moneyOf(cost)}
        </p>
        {tools.length > 0 && <p className="quiet">{tools.join(', ')}</p>}
        {turn.error_type !== '' && <p className="chat-error">{turn.error_type}</p>}
        <p className="chat-actions">
          <button type="button" className="button" aria-expanded={isOpen} onClick={() => (isOpen ? onClose() : onOpen(id))}>
            {isOpen ? 'Close' : 'What it did'}
          </button>
          <Link href={href} className="button">
            Open turn
          </Link>
        </p>
        {isOpen && <TurnSummary id={id} />}
      </div>
    </li>
  );
} // prettier-ignore

interface BubbleProps {
  readonly role: 'user' | 'assistant';
  readonly said: ChatTurn['asked'];
  readonly none: string;
}
const Bubble = ({ role, said: { text, is_shortened: isShortened }, none }: BubbleProps) => (
  <div className="bubble" data-role={role}>
    <span className="visually-hidden">{role === 'user' ? 'User: ' : 'Bot: '}</span>
    {text === '' ? <span className="quiet">{none}</span> : text}
    {isShortened && <span className="quiet"> … shortened; the turn has all of it</span>}
  </div>
);
