import { type ComponentType } from 'react';
import { loadedPage } from './loaded-page';
import { NowPage } from './now/now-page';

/** A page of the margin. Its component shows every path that begins with `path`; all but the first are loaded when they are opened. */
export interface PageEntry {
  readonly path: string;
  readonly name: string;
  /** Opens it after G. */
  readonly key: string;
  readonly page: ComponentType;
  /** Loads it before it is opened; null: it is there. */
  readonly load: (() => Promise<unknown>) | null;
}

export const PAGES: readonly PageEntry[] = [
  { path: '/', name: 'Now', key: 'n', page: NowPage, load: null },
  { path: '/incidents', name: 'Incidents', key: 'i', ...loadedPage(() => import('./incidents/incident-pages')) },
  { path: '/explore', name: 'Explore', key: 'e', ...loadedPage(() => import('./explore/explore-page')) },
  { path: '/turns', name: 'Turns', key: 't', ...loadedPage(() => import('./turns/turn-pages')) },
  { path: '/sessions', name: 'Sessions', key: 's', ...loadedPage(() => import('./sessions/session-pages')) },
  { path: '/flows', name: 'Flows', key: 'f', ...loadedPage(() => import('./flows/flows-page')) },
  { path: '/dashboards', name: 'Dashboards', key: 'b', ...loadedPage(() => import('./dashboards/dashboards-page')) },
  { path: '/tail', name: 'Live tail', key: 'l', ...loadedPage(() => import('./tail/tail-page')) },
  { path: '/costs', name: 'Costs', key: 'c', ...loadedPage(() => import('./costs/costs-page')) },
  { path: '/detection', name: 'Detection', key: 'd', ...loadedPage(() => import('./detection/detection-page')) },
  { path: '/verbosity', name: 'Verbosity', key: 'v', ...loadedPage(() => import('./verbosity/verbosity-page')) },
  { path: '/settings', name: 'Settings', key: ',', ...loadedPage(() => import('./settings/settings-page')) },
];

/** Pages that are opened by their address alone. */
export const OTHER_PAGES: readonly Pick<PageEntry, 'path' | 'page'>[] = [
  { path: '/parts', ...loadedPage(() => import('./parts/parts-page')) },
];

/** The page that shows a path. */
export const pageAt = (pathname: string): PageEntry | undefined =>
  PAGES.find(({ path }) => pathname === path || (path !== '/' && pathname.startsWith(`${path}/`)));
