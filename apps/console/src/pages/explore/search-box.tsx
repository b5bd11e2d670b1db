import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { ApiFailure } from '../../api/client';
import { useLater } from '../../design/later';
import { isTyping } from '../../shell/typing';
import { type ExploreState } from './explore-state';
import { termsOf, withTerm } from './filter-text';
import { askedFor, fieldsOf, type Offer, offersFor, typedIn } from './offers';
import { useFields, useValues } from './questions';

const WAIT_MS = 200;
const BLUR_MS = 150;

/** Where filters are typed. A bare word offers filters that it may mean, a field its values; Enter takes the marked offer. */
export function SearchBox({ state }: { readonly state: ExploreState }) {
  const [text, setText] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [marked, setMarked] = useState(-1);
  const id = useId();
  const fields = useFields();
  const known = fields.data ? fieldsOf(fields.data) : [];
  const typed = typedIn(text);
  const later = useLater(text, WAIT_MS);
  const asked = isOpen ? askedFor(typedIn(later), state.of, known) : { fields: [], containing: '' };
  const values = useValues(state, asked.fields, asked.containing);
  const isCurrent = later === text && asked.fields.length > 0;
  const offers = offersFor(typed, state.of, known, isCurrent ? (values.data?.facets ?? []) : []);
  const isUnknown = isCurrent && !values.isFetching && offers.length === 0 && typed.word !== '' && !values.isError;
  const refused = isCurrent && values.error instanceof ApiFailure ? values.error.message : undefined;

  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    function onSlash(event: globalThis.KeyboardEvent): void {
      if (event.key !== '/' || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.current?.focus();
    }
    window.addEventListener('keydown', onSlash);
    return () => window.removeEventListener('keydown', onSlash);
  }, []);

  function add(terms: readonly string[]): void {
    state.set({ where: terms.reduce(withTerm, state.where), box: '' });
    setText('');
    setMarked(-1);
  }
  function take(offer: Offer): void {
    if (offer.why !== undefined) return;
    if (offer.isWhole) return add([...termsOf(typed.before).map((term) => term.text), offer.text]);
    setText(typed.before + offer.text);
    setMarked(-1);
  }
  function onEnter(): void {
    const offer = offers[marked];
    if (offer) return take(offer);
    const terms = termsOf(text);
    if (terms.length > 0 && terms.every(({ operator, values: own }) => operator !== '' && own.length > 0)) return add(terms.map((term) => term.text));
    const first = offers.find(({ why }) => why === undefined);
    if (first && text.trim() !== '') take(first);
  }
  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      setOpen(true);
      setMarked((before) => Math.max(-1, Math.min(offers.length - 1, before + by)));
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      onEnter();
    }
    if (event.key === 'Escape') setOpen(false);
    if (event.key === 'Backspace' && text === '') state.set({ where: termsOf(state.where).slice(0, -1).map((term) => term.text).join(' '), box: '' });
  }
  return (
    <div className="explore-search">
      <input
        ref={input}
        className="explore-input"
        aria-keyshortcuts="/"
        role="combobox"
        aria-label="Filters"
        aria-expanded={isOpen && offers.length > 0}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={marked >= 0 ? `${id}-${marked}` : undefined}
        placeholder="/ a word, or field:value: status:error, -intent:refund, duration_ms>2s"
        value={text}
        autoComplete="off"
        spellCheck={false}
        onFocus={() => setOpen(true)}
        onBlur={() => window.setTimeout(() => setOpen(false), BLUR_MS)}
        onChange={({ target }) => {
          setText(target.value);
          setOpen(true);
          setMarked(-1);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={id} role="listbox" aria-label="What it may mean" className="explore-offers" hidden={!isOpen || offers.length === 0}>
        {offers.map((offer, i) => (
          <li
            key={offer.text}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === marked}
            aria-disabled={offer.why !== undefined || undefined}
            onPointerDown={(event) => {
              event.preventDefault();
              take(offer);
            }}
          >
            <span className="mono">{offer.text}</span>
            <span className="quiet">{offer.why ?? offer.about}</span>
          </li>
        ))}
      </ul>
      {refused !== undefined && isOpen && <p className="field-error" role="alert">{refused}</p>}
      {isOpen && isUnknown && <p className="explore-hint" role="status">No field and no value here has {typed.operator === '' ? typed.word : typed.value} in it</p>}
      {isOpen && text !== '' && values.isFetching && <p className="visually-hidden" role="status">looking for values</p>}
    </div>
  );
} // prettier-ignore
