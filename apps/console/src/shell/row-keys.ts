import { useEffect, useState } from 'react';

/** J and K move through the rows of a page, Enter opens the one that is chosen; -1: none is. */
export function useRowKeys(rows: number, open: (row: number) => void): [number, (row: number) => void] {
  const [at, setAt] = useState(-1);
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      const { target, key } = event;
      if (target instanceof HTMLElement && ['INPUT', 'TEXTAREA', 'SELECT', 'BUTTON', 'A'].includes(target.tagName)) return;
      if (event.ctrlKey || event.metaKey || event.altKey || rows === 0) return;
      if (key === 'j') setAt((before) => Math.min(rows - 1, before + 1));
      if (key === 'k') setAt((before) => Math.max(0, before - 1));
      if (key === 'Enter' && at >= 0) open(at);
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [rows, at, open]);
  return [at, setAt];
}
