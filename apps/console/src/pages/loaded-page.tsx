import { type ComponentType } from 'react';
import { loadedLater, type LoadedLater } from '../design/loaded-later';
import { Skeleton } from '../design/parts';

/** A page that is loaded when it is first opened, or looked ahead to. */
export const loadedPage = (find: () => Promise<{ readonly default: ComponentType }>): LoadedLater<object> =>
  loadedLater(find, () => <Skeleton height={480} />);
