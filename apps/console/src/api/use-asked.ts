import { useQuery, type UseQueryResult } from '@tanstack/react-query';

/** A question and its key, as `Asked` takes them. */
interface AskedQuery<T> {
  readonly of: UseQueryResult<T>;
  readonly queryKey: readonly unknown[];
}

interface AskedOptions {
  readonly isEnabled?: boolean;
  /** Asks again that often, while the page is looked at. */
  readonly everyMs?: number;
}

/** Asks, and keeps the key beside the answer, so that it can be cancelled. */
export function useAsked<T>(queryKey: readonly unknown[], ask: (signal: AbortSignal) => Promise<T>, { isEnabled = true, everyMs }: AskedOptions = {}): AskedQuery<T> {
  const of = useQuery({ queryKey, queryFn: ({ signal }) => ask(signal), enabled: isEnabled, refetchInterval: everyMs ?? false });
  return { of, queryKey };
} // prettier-ignore
