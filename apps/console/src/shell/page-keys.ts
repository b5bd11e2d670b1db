import { useEffect, useSyncExternalStore } from 'react';
import { isTyping } from './typing';

/** A key of the page that is open. */
export interface PageKey {
  readonly key: string;
  /** What `?` says of it. */
  readonly does: string;
  readonly run: () => void;
}

const AFTER_G_MS = 1_500;
const NONE: readonly PageKey[] = [];
let shown: readonly PageKey[] = NONE;
const listeners = new Set<() => void>();

function show(keys: readonly PageKey[]): void {
  shown = keys;
  for (const listener of listeners) listener();
}

/** Keys of a page, while it is open and nobody types; after G a key opens a page instead. Keep them in a memo. */
export function usePageKeys(keys: readonly PageKey[]): void {
  useEffect(() => {
    let gAt = -Infinity;
    function onKey(event: KeyboardEvent): void {
      const isAfterG = event.timeStamp - gAt < AFTER_G_MS;
      gAt = event.key === 'g' ? event.timeStamp : -Infinity;
      if (isAfterG || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector('dialog[open]') !== null) return;
      const own = keys.find(({ key }) => key === event.key);
      if (!own) return;
      // What opens by the key is not to be typed into by it.
      event.preventDefault();
      own.run();
    }
    window.addEventListener('keydown', onKey);
    show(keys);
    return () => {
      window.removeEventListener('keydown', onKey);
      show(NONE);
    };
  }, [keys]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
export const useShownPageKeys = (): readonly PageKey[] => useSyncExternalStore(subscribe, () => shown);
