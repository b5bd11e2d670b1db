import { type ComponentType, lazy } from 'react';
import { NowPage } from './now/now-page';

/** A page of the margin. Its component shows every path that begins with `path`; all but the first are loaded when they are opened. */
export interface PageEntry {
  readonly path: string;
  readonly name: string;
  /** Opens it after G. */
  readonly key: string;
  readonly page: ComponentType;
}

export const PAGES: readonly PageEntry[] = [
  { path: '/', name: 'Now', key: 'n', page: NowPage },
  { path: '/incidents', name: 'Incidents', key: 'i', page: lazy(() => import('./incidents/incident-pages')) },
  { path: '/explore', name: 'Explore', key: 'e', page: lazy(() => import('./explore/explore-page')) },
  { path: '/turns', name: 'Turns', key: 't', page: lazy(() => import('./turns/turn-pages')) },
  { path: '/sessions', name: 'Sessions', key: 's', page: lazy(() => import('./sessions/session-pages')) },
  { path: '/flows', name: 'Flows', key: 'f', page: lazy(() => import('./flows/flows-page')) },
  { path: '/dashboards', name: 'Dashboards', key: 'b', page: lazy(() => import('./dashboards/dashboards-page')) },
  { path: '/tail', name: 'Live tail', key: 'l', page: lazy(() => import('./tail/tail-page')) },
  { path: '/costs', name: 'Costs', key: 'c', page: lazy(() => import('./costs/costs-page')) },
  { path: '/detection', name: 'Detection', key: 'd', page: lazy(() => import('./detection/detection-page')) },
  { path: '/verbosity', name: 'Verbosity', key: 'v', page: lazy(() => import('./verbosity/verbosity-page')) },
  { path: '/settings', name: 'Settings', key: ',', page: lazy(() => import('./settings/settings-page')) },
];

/** Pages that are opened by their address alone. */
export const OTHER_PAGES: readonly Pick<PageEntry, 'path' | 'page'>[] = [
  { path: '/parts', page: lazy(() => import('./parts/parts-page')) },
];
