import { incidentHref, sessionHref, turnHref, turnsHref } from '../format/links';

/** Somewhere to go. */
export interface Offer {
  readonly kind: 'page' | 'turns' | 'incident' | 'turn' | 'session';
  readonly name: string;
  readonly href: string;
}

interface Known {
  readonly pages: readonly { readonly path: string; readonly name: string }[];
  readonly services: readonly string[];
  readonly incidents: readonly { readonly id: string; readonly title: string; readonly state: string }[];
}

const MOST_OF_A_KIND = 6;
/** An id has no spaces, and more than a word's worth of characters or a digit in it. */
const LIKE_AN_ID = /^(?=.*\d)[\w:.@/-]{4,200}$/;

/** What a text may mean, the likeliest first: what begins with it before what only has it in it. */
export function offersFor(typed: string, { pages, services, incidents }: Known): Offer[] {
  const text = typed.trim().toLowerCase();
  const fit = (name: string): number => (name.toLowerCase().startsWith(text) ? 0 : name.toLowerCase().includes(text) ? 1 : 2);
  const best = (offers: readonly Offer[]): Offer[] =>
    offers
      .map((offer) => ({ offer, order: fit(offer.name) }))
      .filter(({ order }) => order < 2)
      .sort((a, b) => a.order - b.order)
      .slice(0, text === '' ? undefined : MOST_OF_A_KIND)
      .map(({ offer }) => offer);
  const id = typed.trim();
  return [
    ...best(pages.map(({ path, name }) => ({ kind: 'page', name, href: path }))),
    ...best(services.map((name) => ({ kind: 'turns', name, href: turnsHref({ service: name }) }))),
    ...best(
      incidents
        .filter(({ state }) => text !== '' || state === 'open')
        .map(({ id: incident, title }) => ({
          kind: 'incident',
          name: title,
          href: incidentHref(incident),
        })),
    ),
    ...(LIKE_AN_ID.test(id)
      ? ([
          { kind: 'turn', name: id, href: turnHref(id) },
          { kind: 'session', name: id, href: sessionHref(id) },
        ] as const)
      : []),
  ];
}
