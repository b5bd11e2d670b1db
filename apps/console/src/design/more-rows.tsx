import { countOf } from '../format/numbers';

interface MoreRowsProps {
  readonly shown: number;
  readonly of: string;
  readonly query: { readonly hasNextPage: boolean; readonly isFetchingNextPage: boolean; readonly fetchNextPage: () => unknown };
}

/** How many rows a list shows, whether that is all, and the way to more. */
export const MoreRows = ({ shown, of, query: { hasNextPage, isFetchingNextPage, fetchNextPage } }: MoreRowsProps) => (
  <p className="quiet more-rows">
    {countOf(shown)} {of} shown{hasNextPage ? '; there are more' : ', which is all'}{' '}
    {hasNextPage && (
      <button type="button" className="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        Show more
      </button>
    )}
  </p>
); // prettier-ignore
