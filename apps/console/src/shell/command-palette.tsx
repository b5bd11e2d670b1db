import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { api } from '../api/client';
import { useModal } from '../design/dialog';
import { useLater } from '../design/later';
import { PAGES } from '../pages/pages';
import { type Offer, offersFor } from './offers';

const WAIT_MS = 150;
const MOST_SERVICES = 6;
const MOST_INCIDENTS = 20;

/** Finds a page, an incident, a service's turns or anything by its id, from wherever one is. */
export function CommandPalette() {
  const [isOpen, setOpen] = useState(false);
  const dialog = useModal(isOpen);
  const [, go] = useLocation();
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setOpen((before) => !before);
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen(true)}>
        Find <kbd>⌘K</kbd>
      </button>
      <dialog className="dialog palette" ref={dialog} aria-label="Find" onClose={() => setOpen(false)}>
        {isOpen && (
          <Finder
            onChoose={(href) => {
              setOpen(false);
              go(href);
            }}
          />
        )}
      </dialog>
    </>
  );
}

function Finder({ onChoose }: { readonly onChoose: (href: string) => void }) {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const asked = useLater(typed.trim(), WAIT_MS);
  const services = useQuery({
    queryKey: ['values', 'service_name', asked],
    queryFn: ({ signal }) =>
      api.listValues({ field: 'service_name', limit: MOST_SERVICES, ...(asked ? { prefix: asked } : {}) }, signal),
  });
  const incidents = useQuery({
    queryKey: ['incidents', 'to find'],
    queryFn: ({ signal }) => api.listIncidents({ limit: MOST_INCIDENTS }, signal),
  });
  const offers = offersFor(typed, {
    pages: PAGES,
    services: services.data?.values.map(({ value }) => value) ?? [],
    incidents: incidents.data?.incidents ?? [],
  });
  const chosen = Math.min(at, offers.length - 1);
  const id = (i: number): string => `offer-${i}`;
  return (
    <>
      <input
        className="palette-input"
        role="combobox"
        aria-expanded="true"
        aria-controls="offers"
        aria-activedescendant={offers.length > 0 ? id(chosen) : undefined}
        aria-label="Find a page, a service, an incident, or anything by its id"
        placeholder="A page, a service, an incident, or any id"
        value={typed}
        autoFocus
        onChange={({ target }) => {
          setTyped(target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (by !== undefined) {
            event.preventDefault();
            setAt(Math.max(0, Math.min(offers.length - 1, chosen + by)));
          }
          const offer = offers[chosen];
          if (event.key === 'Enter' && offer) onChoose(offer.href);
        }}
      />
      <ul id="offers" role="listbox" aria-label="Found" className="palette-offers">
        {offers.map((offer, i) => (
          <Found key={`${offer.kind} ${offer.href}`} id={id(i)} offer={offer} isChosen={i === chosen} onChoose={onChoose} />
        ))}
      </ul>
    </>
  );
}

interface FoundProps {
  readonly id: string;
  readonly offer: Offer;
  readonly isChosen: boolean;
  readonly onChoose: (href: string) => void;
}
const Found = ({ id, offer: { kind, name, href }, isChosen, onChoose }: FoundProps) => (
  <li id={id} role="option" aria-selected={isChosen} onClick={() => onChoose(href)}>
    <span>{name}</span>
    <span className="quiet">{kind}</span>
  </li>
);
