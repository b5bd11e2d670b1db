import { type PANEL_FORMS, type PANEL_PAGES, type PANEL_UNITS } from '@telltale/contracts';
import { printable } from './words';

/** A page with filters. */
export interface Opened {
  readonly page: (typeof PANEL_PAGES)[number];
  readonly params: Readonly<Record<string, string>>;
}

export interface Panel {
  /** Names it in its dashboard. */
  readonly id: string;
  /** The question it answers. */
  readonly title: string;
  /** Why it is there. */
  readonly why: string;
  readonly form: (typeof PANEL_FORMS)[number];
  readonly unit: (typeof PANEL_UNITS)[number];
  /** With the macros of `panel-sql`. */
  readonly sql: string;
  readonly service?: string;
  readonly open?: Opened;
}

/** A panel that could be shown; those with the highest score are. */
export interface Candidate extends Panel {
  readonly score: number;
}

/** A dozen can be looked at; more is a wall. */
export const MOST_PANELS = 12;

const byScore = (a: Candidate, b: Candidate): number => b.score - a.score || (a.id < b.id ? -1 : 1);

/** The panels to show: `first` in their order, then the best of the rest, each once. */
export function chosenPanels(first: readonly Panel[], rest: readonly Candidate[]): Panel[] {
  const seen = new Set<string>();
  return [...first, ...[...rest].sort(byScore)]
    .filter(({ id }) => !seen.has(id) && seen.add(id))
    .slice(0, MOST_PANELS)
    .map(({ id, title, why, form, unit, sql, service, open }) => ({
      id,
      title: printable(title, 200),
      why: printable(why, 600),
      form,
      unit,
      sql,
      ...(service !== undefined && { service }),
      ...(open && { open }),
    }));
}
