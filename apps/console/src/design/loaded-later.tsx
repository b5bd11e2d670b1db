import { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import { Failure } from './parts';

/** A component that is loaded when it is first shown, or before. */
export interface LoadedLater<P> {
  readonly page: ComponentType<P>;
  readonly load: () => Promise<void>;
}

/** React's `lazy` keeps a placeholder for at least 300 ms, however soon the component is there: this shows it at once. */
export function loadedLater<P extends object>(
  find: () => Promise<{ readonly default: ComponentType<P> }>,
  placeholder: (props: P) => ReactNode,
): LoadedLater<P> {
  let found: ComponentType<P> | null = null;
  const load = async (): Promise<void> => void (found = (await find()).default);

  function Later(props: P) {
    const [failure, setFailure] = useState<unknown>(null);
    const [, setLoaded] = useState(found !== null);
    useEffect(() => {
      let isGone = false;
      if (!found)
        load().then(
          () => isGone || setLoaded(true),
          (error: unknown) => isGone || setFailure(error),
        );
      return () => {
        isGone = true;
      };
    }, []);
    const Found = found;
    if (Found) return <Found {...props} />;
    // What was built later has other files, which its document names.
    if (failure !== null) return <Failure error={failure} again={() => location.reload()} />;
    return placeholder(props);
  }
  return { page: Later, load };
}
