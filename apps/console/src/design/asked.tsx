import { type UseQueryResult, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Failure, Skeleton } from './parts';

const LONG_MS = 2_000;

interface AskedProps<T> {
  readonly of: Pick<UseQueryResult<T>, 'data' | 'error' | 'isError' | 'isFetching' | 'isPending' | 'refetch'>;
  /** Its key, so that it can be cancelled. */
  readonly queryKey?: readonly unknown[];
  /** Height in px that is kept while it loads, so that nothing jumps. */
  readonly height: number;
  readonly children: (data: T) => ReactNode;
}

/** What a question answered: its place while it loads, what to do where it failed, and a way to stop waiting where it takes long. */
export function Asked<T>({ of, queryKey, height, children }: AskedProps<T>) {
  if (of.data !== undefined)
    return (
      <>
        {of.isError && <Failure error={of.error} again={() => void of.refetch()} />}
        {children(of.data)}
      </>
    );
  if (of.isError) return <Failure error={of.error} again={() => void of.refetch()} />;
  if (of.isPending && !of.isFetching)
    return (
      <div className="stopped">
        <span className="quiet">Stopped before it was answered</span>
        <button type="button" className="button" onClick={() => void of.refetch()}>
          Ask again
        </button>
      </div>
    );
  return (
    <div className="asking">
      <Skeleton height={height} />
      {queryKey && <Cancel queryKey={queryKey} />}
    </div>
  );
}

function Cancel({ queryKey }: { readonly queryKey: readonly unknown[] }) {
  const client = useQueryClient();
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setLong(true), LONG_MS);
    return () => window.clearTimeout(timer);
  }, []);
  return (
    isLong && (
      <button type="button" className="button" onClick={() => void client.cancelQueries({ queryKey, exact: true })}>
        Cancel
      </button>
    )
  );
}
