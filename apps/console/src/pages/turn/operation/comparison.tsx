import { Link } from 'wouter';
import { Asked } from '../../../design/asked';
import { Diff } from '../../../design/diff';
import { Choice } from '../../../design/fields';
import { Failure, Skeleton } from '../../../design/parts';
import { turnHref } from '../../../format/links';
import { clockOf, timeOf } from '../../../format/times';
import { useZone } from '../../../shell/preferences';
import { useUrl } from '../../../shell/url';
import { type OperationNode } from '../model/tree';
import { type Field, type OperationFacts, useCallIn, useExplanation, useField, useOperation, useUsual } from '../questions';
import { type Work } from '../work';

interface ComparisonProps {
  readonly node: OperationNode;
  readonly work: Work;
  readonly facts: OperationFacts | undefined;
}

/** Most conversations that are offered because they are alike. */
const MOST_ALIKE = 3;

/** What this call was given and gave beside another of the same: the one before it, one that worked elsewhere, or one of a turn like this one. */
export function Comparison({ node, work, facts }: ComparisonProps) {
  const [beside, setBeside] = useUrl('with');
  const [zone] = useZone();
  const usual = useUsual(work.turnId, node.id);
  const explanation = useExplanation(work.turnId);
  if (['turn', 'log', 'session', 'feedback'].includes(node.operation.kind)) return null;
  const { previous } = work.attempts(node);
  const worked = usual.data?.worked ?? [];
  const tool = node.operation.tool_name;
  const alike = tool === '' ? [] : (explanation.data?.similar ?? []).filter(({ ending }) => ending !== 'failed' && ending !== 'error').slice(0, MOST_ALIKE);
  const options: (readonly [string, string])[] = [
    ['', 'nothing'],
    ...(previous ? [[`previous`, `the call before it in this turn${previous.operation.status === 'error' ? ', which failed' : ''}`] as const] : []),
    ...worked.map(({ id, turn_id: turn, ts }) => [`call ${turn} ${id}`, `one that worked ${clockOf(timeOf(ts), zone).slice(0, 19)}`] as const),
    ...alike.map(({ id, ending }) => [`like ${id}`, `the same tool in ${id}, which is like this${ending === 'unknown' || ending === '' ? '' : ` (${ending})`}`] as const),
  ];
  const chosen = options.some(([value]) => value === beside) ? beside : '';
  if (options.length === 1) return null;
  return (
    <div className="content">
      <Choice label="Compare with" value={chosen} options={options} onChange={setBeside} />
      {facts && chosen === 'previous' && previous && <Beside facts={facts} turn={work.turnId} other={{ turn: work.turnId, id: previous.id }} />}
      {facts && chosen.startsWith('call ') && <Beside facts={facts} turn={work.turnId} other={otherIn(worked, chosen)} />}
      {facts && chosen.startsWith('like ') && <Alike facts={facts} turn={work.turnId} conversation={chosen.slice('like '.length)} isSession={explanation.data?.session_id !== ''} />}
    </div>
  );
} // prettier-ignore

interface Other {
  readonly turn: string;
  readonly id: string;
}
const otherIn = (worked: readonly { readonly id: string; readonly turn_id: string }[], chosen: string): Other | null => {
  const one = worked.find(({ id, turn_id: turn }) => `call ${turn} ${id}` === chosen);
  return one ? { turn: one.turn_id, id: one.id } : null;
};

interface AlikeProps {
  readonly facts: OperationFacts;
  readonly turn: string;
  readonly conversation: string;
  readonly isSession: boolean;
}
function Alike({ facts, turn, conversation, isSession }: AlikeProps) {
  const found = useCallIn(conversation, isSession, facts.tool_name, timeOf(facts.ts));
  return (
    <Asked of={found} height={120}>
      {({ operations: [call] }) =>
        call ? (
          <Beside facts={facts} turn={turn} other={{ turn: call.turn_id, id: call.id }} />
        ) : (
          <p className="quiet">No call of {facts.tool_name} worked there</p>
        )
      }
    </Asked>
  );
}

const FIELDS: readonly (readonly [Field, string])[] = [['tool_arguments', 'Arguments'], ['tool_result', 'Result'], ['error_message', 'Error'], ['input', 'In'], ['output', 'Out']]; // prettier-ignore

function Beside({ facts, turn, other }: { readonly facts: OperationFacts; readonly turn: string; readonly other: Other | null }) {
  const others = useOperation(other?.turn ?? '', other?.id ?? '');
  if (!other) return null;
  return (
    <>
      {other.turn !== turn && (
        <Link href={turnHref(other.turn, { op: other.id })}>Open the turn of the other call</Link>
      )}
      <Asked of={others} height={160}>
        {({ sizes }) =>
          FIELDS.filter(([field]) => (facts.sizes[field] ?? 0) + (sizes[field] ?? 0) > 0).map(([field, title]) => (
            <Compared key={field} field={field} title={title} own={{ turn, id: facts.id }} other={other} has={[(facts.sizes[field] ?? 0) > 0, (sizes[field] ?? 0) > 0]} />
          ))
        }
      </Asked>
    </>
  );
} // prettier-ignore

interface ComparedProps {
  readonly field: Field;
  readonly title: string;
  readonly own: Other;
  readonly other: Other;
  readonly has: readonly [own: boolean, other: boolean];
}
/** Of both the first 50,000 characters, which is said where there is more. */
function Compared({ field, title, own, other, has }: ComparedProps) {
  const [a, b] = [useField(other.turn, other.id, field, has[1]), useField(own.turn, own.id, field, has[0])];
  if (!has[0] || !has[1])
    return (
      <p className="quiet">
        {title}: only {has[0] ? 'this call' : 'the other'} has one
      </p>
    );
  const failed = a.error ?? b.error;
  if (failed) return <Failure error={failed} again={() => void Promise.all([a.refetch(), b.refetch()])} />;
  const text = (of: typeof a): string | undefined => of.data?.pages.map((page) => page.text).join('');
  const [before, after] = [text(a), text(b)];
  if (before === undefined || after === undefined) return <Skeleton height={80} />;
  const isCut = a.hasNextPage || b.hasNextPage;
  return <Diff title={isCut ? `${title}, as far as it is loaded` : title} before={before} after={after} names={['the other', 'this call']} />;
} // prettier-ignore
