import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { Asked } from '../../design/asked';
import { MoreRows } from '../../design/more-rows';
import { Page } from '../../design/page';
import { Badge, Outcome, Stat, Time } from '../../design/parts';
import { ShowAs } from '../../design/show-as';
import { turnHref } from '../../format/links';
import { countOf, durationOf, moneyOf, shareOf } from '../../format/numbers';
import { useUrlChange } from '../../shell/url';
import { isTyping } from '../../shell/typing';
import { idInPath } from '../path-id';
import { Explained, stepsIn } from '../turn/explain-panel';
import { ChatRow } from './chat-row';
import { type ChatAnswer, chatKey, type ChatTurn, sessionChat, sessionExplainKey, useSessionExplanation } from './questions';
import { wordsOf } from './signs';
import '../turn/operation.css';
import './sessions.css';

/** One conversation: the chat as its user saw it beside what the bot did. */
export default function SessionPage() {
  const id = idInPath('/sessions/');
  return <OneSession key={id} id={id} />;
}

function OneSession({ id }: { readonly id: string }) {
  const chat = useInfiniteQuery(sessionChat(id));
  const turns = useMemo(() => chat.data?.pages.flatMap((page) => page.turns) ?? [], [chat.data]);
  const first = chat.data?.pages[0];
  return (
    <Page
      title={first?.session?.input_preview || first?.turns[0]?.asked.text.slice(0, 200) || id}
      subtitle={
        <>
          {first?.session?.service ?? ''} {first?.session && <Time at={first.session.started_at} by="clock" />} <code>{id}</code>
        </>
      }
      actions={<ShowAs command={['sessions', 'show', id]} path={`/api/sessions/${encodeURIComponent(id)}/chat`} sql={['SELECT * FROM events WHERE session_id = ', id, ' ORDER BY ts']} tool={['find_turns', { session: id }]} />}
    >
      <Asked of={chat} queryKey={chatKey(id)} height={720}>
        {() =>
          first && (
            <>
              <SessionStats answer={first} />
              <SessionExplained id={id} turns={turns} />
              <Conversation turns={turns} judgements={first.judgements} />
              {first.total > first.turns.length && <MoreRows shown={turns.length} of={`of ${countOf(first.total)} turns`} query={chat} />}
            </>
          )
        }
      </Asked>
    </Page>
  );
} // prettier-ignore

function SessionStats({ answer: { session, total, turns } }: { readonly answer: ChatAnswer }) {
  if (!session)
    return <p className="quiet">It is not whole yet: a session is written once one of its turns was quiet for a minute.</p>;
  const { friction, reasons, abandoned_because: because, waiting_ms: waiting, longest_wait_ms: longest, total_cost_nano_usd: cost, unpriced_calls: unpriced, failed_turns: failed } = session;
  return (
    <>
      <dl className="stats">
        <Stat name="Friction" beside={because === '' ? 'not abandoned' : `abandoned: ${wordsOf(because)}`}>
          {friction === null ? '–' : shareOf(friction, 1)}
        </Stat>
        <Stat name="Turns" beside={failed > 0 ? `${countOf(failed)} failed` : undefined}>
          {countOf(total)}
        </Stat>
        <Stat name="Last outcome" beside={turns.at(-1)?.outcome_reason}>
          <Outcome of={session.last_outcome} />
        </Stat>
        <Stat name="Waited" beside={`at most ${durationOf(longest)}`}>
          {durationOf(waiting)}
        </Stat>
        <Stat name="Cost" beside={unpriced > 0 ? `${countOf(unpriced)} calls without a price` : undefined}>
          {moneyOf(cost)}
        </Stat>
      </dl>
      {reasons.length > 0 && (
        <ul className="reasons" aria-label="Signs of friction">
          {reasons.map(({ sign, times, adds }) => (
            <li key={sign}>
              <Badge tone="warn">{wordsOf(sign)}</Badge>{' '}
              <span className="quiet">
                {times > 1 && `×${times}, `}adds {shareOf(adds, 1)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
} // prettier-ignore

/** Which step of the conversation went wrong, with the way to it in its turn. */
function SessionExplained({ id, turns }: { readonly id: string; readonly turns: readonly ChatTurn[] }) {
  const [, go] = useLocation();
  const explanation = useSessionExplanation(id);
  const turnByEvent = useMemo(() => turnsByEvent(explanation.data?.steps ?? [], turns), [explanation.data, turns]);
  return (
    <Asked of={explanation} queryKey={sessionExplainKey(id)} height={168}>
      {(data) => (
        <Explained
          explanation={data}
          goTo={({ event_id: event }) => {
            const turn = turnByEvent.get(event);
            return turn === undefined ? null : () => go(turnHref(turn, { op: event }));
          }}
        />
      )}
    </Asked>
  );
} // prettier-ignore

/** The turn that each step is of: that of the request before it. */
function turnsByEvent(steps: Parameters<typeof stepsIn>[0], turns: readonly ChatTurn[]): ReadonlyMap<string, string> {
  const byRoot = new Map(turns.flatMap(({ event_id: event, turn_id: turn }) => (event === '' ? [] : [[event, turn] as const])));
  const found = new Map<string, string>();
  let current: string | undefined;
  for (const { event_id: event } of stepsIn(steps)) {
    current = byRoot.get(event) ?? current;
    if (current !== undefined && event !== '') found.set(event, current);
  }
  return found;
}

interface ConversationProps {
  readonly turns: readonly ChatTurn[];
  readonly judgements: ChatAnswer['judgements'];
}
/** Turns one below the other; J and K move, Enter opens what the bot did. */
function Conversation({ turns, judgements }: ConversationProps) {
  const [params] = useSearchParams();
  const change = useUrlChange();
  const chosen = params.get('turn') ?? '';
  const opened = params.get('open') ?? '';
  const list = useRef<HTMLOListElement>(null);
  const open = useCallback((turn: string) => change({ turn, open: turn }, { replace: true }), [change]);
  const close = useCallback(() => change({ open: '' }, { replace: true }), [change]);
  useEffect(() => {
    if (chosen !== '') list.current?.querySelector(`[data-turn="${CSS.escape(chosen)}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      const at = turns.findIndex(({ turn_id: id }) => id === chosen);
      const by = { j: 1, k: -1 }[event.key];
      const next = by === undefined ? undefined : turns[Math.min(turns.length - 1, Math.max(0, at + by))];
      if (next) change({ turn: next.turn_id }, { replace: true });
      const isOnControl = event.target instanceof Element && event.target.closest('a, button') !== null;
      if (event.key === 'Enter' && at >= 0 && !isOnControl) (opened === chosen ? close : () => open(chosen))();
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [turns, chosen, opened, change, open, close]);
  const ofSession = judgements.filter(({ turn_id: turn }) => !turns.some(({ turn_id: id }) => id === turn));
  return (
    <section aria-label="Conversation">
      <div className="chat-columns quiet" aria-hidden="true">
        <span>What the user saw</span>
        <span>What the bot did</span>
      </div>
      <ol className="chat-turns" ref={list}>
        {turns.map((turn, i) => (
          <ChatRow key={turn.turn_id} turn={turn} number={i + 1} before={i === 0 ? 0 : (turns[i - 1]?.friction ?? null)} judgements={judgements.filter(({ turn_id: of }) => of === turn.turn_id)} isChosen={turn.turn_id === chosen} isOpen={turn.turn_id === opened} onOpen={open} onClose={close} />
        ))}
      </ol>
      {ofSession.map(({ id, kind, score_name: name, score_label: label, score_value: value, comment }) => (
        <p key={id} className="quiet">
          {kind} {name} {label} {value ?? ''} {comment}
        </p>
      ))}
      {turns.length === 0 && (
        <p className="quiet">
          None of its turns is whole yet. <Link href="/sessions">All sessions</Link>
        </p>
      )}
    </section>
  );
} // prettier-ignore
