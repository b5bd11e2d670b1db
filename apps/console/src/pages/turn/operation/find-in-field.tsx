import { useState } from 'react';
import { Asked } from '../../../design/asked';
import { TextFilter } from '../../../design/fields';
import { amountOf, countOf } from '../../../format/numbers';
import { type Field, useFind, useWindow } from '../questions';

const BEFORE = 600;

interface FindProps {
  readonly turn: string;
  readonly id: string;
  readonly field: Field;
  readonly title: string;
}

/** Where a text stands in a long field, found by the server: nothing else of it is loaded. */
export function FindInField({ turn, id, field, title }: FindProps) {
  const [find, setFind] = useState('');
  const [offset, setOffset] = useState<number | null>(null);
  const found = useFind(turn, id, field, find);
  const around = useWindow(turn, id, field, offset);
  return (
    <div className="find">
      <TextFilter
        label={`Find in ${title.toLowerCase()}`}
        value={find}
        onChange={(text) => {
          setFind(text);
          setOffset(null);
        }}
      />
      {find !== '' && (
        <Asked of={found} height={60}>
          {({ matches = [], total_matches: total = 0 }) => (
            <>
              <span className="quiet">
                {total === 0 ? 'It stands nowhere in it' : total > matches.length ? `The first ${matches.length} of ${countOf(total)} places` : amountOf(total, 'place')}
              </span>
              <ul className="plain">
                {matches.map((match) => (
                  <li key={match.offset}>
                    <button type="button" className="more" aria-expanded={offset === startOf(match.offset)} onClick={() => setOffset(startOf(match.offset))}>
                      {countOf(match.offset)}: {match.excerpt}
                    </button>
                  </li>
                ))}
              </ul>
            </>
          )}
        </Asked>
      )}
      {offset !== null && (
        <Asked of={around} height={120}>
          {({ text }) => <pre tabIndex={0}>{text}</pre>}
        </Asked>
      )}
    </div>
  );
} // prettier-ignore

const startOf = (place: number): number => Math.max(0, place - BEFORE);
