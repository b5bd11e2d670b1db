import { type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Asked } from '../../../design/asked';
import { Chat } from '../../../design/chat';
import { Json } from '../../../design/json';
import { messagesIn } from '../../../design/messages';
import { Failure, Skeleton } from '../../../design/parts';
import { countOf } from '../../../format/numbers';
import { type Field, type OperationFacts, useField, WINDOW } from '../questions';
import { FindInField } from './find-in-field';

const NAMES: readonly (readonly [Field, string])[] = [
  ['tool_arguments', 'Arguments'], ['tool_result', 'Result'], ['body', 'Log line'], ['error_stack', 'Stack'], ['input', 'In'], ['output', 'Out'], ['attributes', 'Attributes'],
]; // prettier-ignore
/** What is this short is shown by itself; the rest when it is opened. */
const OPEN_UP_TO = 20_000;
/** JSON of this many characters is read whole, to be shown as a tree or a chat. */
const WHOLE_UP_TO = 200_000;
const FIND_FROM = 4_000;

interface PayloadsProps {
  readonly turn: string;
  readonly facts: UseQueryResult<OperationFacts>;
}

/** What an operation was given and gave, each loaded when it is looked at. */
export function Payloads({ turn, facts }: PayloadsProps) {
  return (
    <Asked of={facts} height={200}>
      {({ id, sizes }) => {
        const fields = NAMES.filter(([field]) => (sizes[field] ?? 0) > 0);
        if (fields.length === 0) return <p className="quiet">It has no content: its producer sent none, or its level of detail left it out.</p>;
        return fields.map(([field, title]) => <Payload key={`${id} ${field}`} turn={turn} id={id} field={field} title={title} size={sizes[field] ?? 0} />);
      }}
    </Asked>
  );
} // prettier-ignore

interface PayloadProps {
  readonly turn: string;
  readonly id: string;
  readonly field: Field;
  readonly title: string;
  readonly size: number;
}
function Payload({ turn, id, field, title, size }: PayloadProps) {
  const [isOpen, setOpen] = useState(size <= OPEN_UP_TO && field !== 'attributes' && field !== 'error_stack');
  if (!isOpen)
    return (
      <button type="button" className="button payload-closed" aria-expanded={false} onClick={() => setOpen(true)}>
        {title} <span className="quiet">{countOf(size)} characters</span>
      </button>
    );
  return <OpenPayload turn={turn} id={id} field={field} title={title} size={size} />;
}

function OpenPayload({ turn, id, field, title, size }: PayloadProps) {
  const { data, error, isError, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useField(turn, id, field, true);
  const readsWhole = size <= WHOLE_UP_TO;
  useEffect(() => {
    if (readsWhole && hasNextPage && !isFetchingNextPage && !isError) void fetchNextPage();
  }, [readsWhole, hasNextPage, isFetchingNextPage, isError, fetchNextPage]);
  if (isPending) return <Skeleton height={80} />;
  if (!data) return <Failure error={error} again={() => void refetch()} />;
  const text = data.pages.map((page) => page.text).join('');
  const isWhole = !hasNextPage;
  return (
    <div className="payload">
      {isWhole ? <Shown field={field} title={title} text={text} /> : <Json title={`${title}, the first ${countOf(data.pages.length * WINDOW)} of ${countOf(size)} characters`} text={text} />}
      {isError && <Failure error={error} again={() => void fetchNextPage()} />}
      {hasNextPage && !readsWhole && (
        <button type="button" className="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Load {countOf(Math.min(WINDOW, size - data.pages.length * WINDOW))} more characters
        </button>
      )}
      {size > FIND_FROM && <FindInField turn={turn} id={id} field={field} title={title} />}
    </div>
  );
} // prettier-ignore

/** Messages as a chat, JSON as a tree, anything else as text. */
function Shown({ field, title, text }: Pick<PayloadProps, 'field' | 'title'> & { readonly text: string }) {
  const messages = field === 'input' || field === 'output' ? messagesIn(text) : [];
  return messages.some(({ role }) => role !== '') ? <Chat title={title} messages={messages} /> : <Json title={title} text={text} />;
} // prettier-ignore
