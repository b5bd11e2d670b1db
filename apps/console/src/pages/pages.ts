import { type ComponentType, lazy } from 'react';
import { NowPage } from './now';

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
  { path: '/incidents', name: 'Incidents', key: 'i', page: lazy(() => import('./incidents')) },
  { path: '/sessions', name: 'Sessions', key: 's', page: lazy(() => import('./sessions/session-pages')) },
  { path: '/turns', name: 'Turns', key: 't', page: lazy(() => import('./turns/turn-pages')) },
];
