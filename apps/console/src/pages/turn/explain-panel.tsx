import { Link } from 'wouter';
import { Asked } from '../../design/asked';
import { Badge } from '../../design/parts';
import { sessionHref, turnHref } from '../../format/links';
import { amountOf, countOf, shareOf } from '../../format/numbers';
import { type Explanation, explainKey, useExplanation } from './questions';

type ExplainStep = Explanation['steps'][number];

/** All steps of an explanation in order, each once. */
export function stepsIn(steps: readonly ExplainStep[]): ExplainStep[] {
  const all: ExplainStep[] = [];
  const waiting = [...steps].reverse();
  for (let step = waiting.pop(); step; step = waiting.pop()) {
    all.push(step);
    waiting.push(...([...step.steps].reverse() as unknown as ExplainStep[]));
  }
  return all;
}

interface ExplainedProps {
  readonly explanation: Pick<Explanation, 'root' | 'findings' | 'similar' | 'compared_with' | 'steps' | 'session_id'>;
  /** Goes to what a step is stored as; null where it is not shown here. */
  readonly goTo: (step: ExplainStep) => (() => void) | null;
}

const SHOWN_FINDINGS = 4;

/** Which step went wrong first, why, and what to change. */
export function Explained({ explanation: { root, findings, similar, compared_with: compared, steps, session_id: session }, goTo }: ExplainedProps) {
  const byStep = new Map<number, ExplainStep[]>();
  for (const step of stepsIn(steps)) byStep.set(step.step, [...(byStep.get(step.step) ?? []), step]);
  /** Of a message and the calls in it the call, where the finding is about a tool. */
  const stepOf = (step: number, tool: string): ExplainStep | undefined => {
    const here = byStep.get(step) ?? [];
    return here.find((one) => one.kind === 'tool' && tool !== '' && one.text.includes(tool)) ?? here.find(({ marked }) => marked) ?? here[0];
  };
  const others = findings.filter(({ step, cause, reason }) => !root || step !== root.step || cause !== root.cause || reason !== root.reason);
  return (
    <section className="card explain" aria-label="Explanation">
      {root ? (
        <>
          <div className="explain-head">
            <h2>{root.says}</h2>
            <Badge>{root.confidence} confidence</Badge>
          </div>
          <p>{root.reason}</p>
          <div className="explain-steps">
            <StepLink step={stepOf(root.step, root.tool)} number={root.step} goTo={goTo} main />
            {root.evidence.map((one) => (
              <StepLink key={one} step={stepOf(one, '')} number={one} goTo={goTo} />
            ))}
          </div>
          <p>
            <strong>To change: </strong>
            {root.fix}
          </p>
        </>
      ) : (
        <p>No step is known to have gone wrong: {compared === 0 ? 'there is no conversation like it to compare it with' : `nothing in it departs from ${amountOf(compared, 'conversation')} like it`}.</p>
      )}
      {others.length > 0 && (
        <details>
          <summary>{root ? `${countOf(others.length)} more` : amountOf(others.length, 'finding')}</summary>
          <ul className="plain">
            {others.slice(0, SHOWN_FINDINGS * 3).map(({ step, tool, reason }) => (
              <li key={`${step} ${reason}`}>
                {reason} <StepLink step={stepOf(step, tool)} number={step} goTo={goTo} />
              </li>
            ))}
          </ul>
        </details>
      )}
      {similar.length > 0 && (
        <p className="quiet explain-similar">
          Like it, of {countOf(compared)} that were compared:{' '}
          {similar.map(({ id, likeness, ending }) => (
            <span key={id}>
              <Link href={session === '' ? turnHref(id) : sessionHref(id)}>{id}</Link> ({shareOf(likeness, 1)} alike{ending !== '' && ending !== 'unknown' && `, ${ending}`}){' '}
            </span>
          ))}
        </p>
      )}
    </section>
  );
} // prettier-ignore

/** A call is written as the name of its tool, its arguments, and the result. */
const toolIn = (text: string): string => text.slice(0, text.indexOf(' ') < 0 ? 60 : Math.min(60, text.indexOf(' ')));

interface StepLinkProps {
  readonly step: ExplainStep | undefined;
  readonly number: number;
  readonly goTo: ExplainedProps['goTo'];
  readonly main?: boolean;
}
function StepLink({ step, number, goTo, main = false }: StepLinkProps) {
  const go = step && goTo(step);
  const name = `Step ${number}${step ? `: ${step.kind === 'tool' ? toolIn(step.text) : step.text.slice(0, 60)}` : ''}`;
  if (!go) return <span className="quiet">{name}</span>;
  return (
    <button type="button" className="button" data-main={main} title={step.text} onClick={go}>
      {name}
    </button>
  );
}

interface ExplainPanelProps {
  readonly id: string;
  readonly knows: (operation: string) => boolean;
  readonly choose: (operation: string) => void;
}
/** The explanation of a turn, its steps linked to the lines of its tree. */
export function ExplainPanel({ id, knows, choose }: ExplainPanelProps) {
  const explanation = useExplanation(id);
  return (
    <div data-part="explanation">
      <Asked of={explanation} queryKey={explainKey(id)} height={168}>
        {(data) => <Explained explanation={data} goTo={({ event_id: event }) => (knows(event) ? () => choose(event) : null)} />}
      </Asked>
    </div>
  );
}
