import { useCallback, useEffect } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { useLater } from '../design/later';
import { hrefOf } from '../format/links';

/** Changes the query string of the address: empty values are taken out of it. */
export function useUrlChange(): (changes: Readonly<Record<string, string | undefined>>, how?: { readonly replace?: boolean }) => void {
  const [, setParams] = useSearchParams();
  return useCallback(
    (changes, how = {}) =>
      setParams(
        (before) => {
          const next = new URLSearchParams(before);
          for (const [name, value] of Object.entries(changes))
            if (value === undefined || value === '') next.delete(name);
            else next.set(name, value);
          return next;
        },
        { replace: how.replace ?? false },
      ),
    [setParams],
  );
} // prettier-ignore

const RESTS_MS = 400;
/** Writes what changes many times a second to the address once it rests; the way back leads past it. */
export function useRestingUrl(values: Readonly<Record<string, string>>): void {
  const [params] = useSearchParams();
  const change = useUrlChange();
  const later = useLater(JSON.stringify(values), RESTS_MS);
  useEffect(() => {
    const rested = JSON.parse(later) as Record<string, string>;
    if (Object.entries(rested).some(([name, value]) => (params.get(name) ?? '') !== value)) change(rested, { replace: true });
    // What others write to the address asks for nothing.
  }, [later]);
}

/** A choice that stands in the address, so that a link shows the same; `fallback` where it does not stand there. */
export function useUrl(name: string, fallback = ''): readonly [string, (value: string) => void] {
  const [params] = useSearchParams();
  const change = useUrlChange();
  const set = useCallback((value: string) => change({ [name]: value === fallback ? '' : value }), [change, name, fallback]);
  return [params.get(name) ?? fallback, set];
}

/** Links to this page with all that stands in the address but some changes; empty values are taken out. */
export function useHere(): (changes: Readonly<Record<string, string | undefined>>) => string {
  const [params] = useSearchParams();
  const [path] = useLocation();
  return useCallback((changes) => hrefOf(path, { ...Object.fromEntries(params), ...changes }), [params, path]);
}
