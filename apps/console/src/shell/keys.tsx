import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { PAGES } from '../pages/pages';
import { useShownPageKeys } from './page-keys';
import { isTyping } from './typing';

const AFTER_G_MS = 1_500;

/** The keys of every page, and what `?` shows of them. */
export function Keys() {
  const [, go] = useLocation();
  const dialog = useRef<HTMLDialogElement>(null);
  const ofPage = useShownPageKeys();
  useEffect(() => {
    let gAt = -Infinity;
    function onKey(event: KeyboardEvent): void {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === '?') return void (dialog.current?.open ? dialog.current.close() : dialog.current?.showModal());
      const page = event.timeStamp - gAt < AFTER_G_MS ? PAGES.find(({ key }) => key === event.key) : undefined;
      if (page) go(page.path);
      gAt = event.key === 'g' ? event.timeStamp : -Infinity;
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [go]);
  return (
    <dialog className="dialog keys" ref={dialog} aria-labelledby="keys-title">
      <h2 id="keys-title">Keys</h2>
      <dl>
        {PAGES.map(({ path, name, key }) => (
          <KeyOf key={path} keys={['G', key.toUpperCase()]} does={name} />
        ))}
        {ofPage.map(({ key, does }) => (
          <KeyOf key={does} keys={[key.toUpperCase()]} does={does} />
        ))}
        <KeyOf keys={['J', 'K']} does="Next and previous row" />
        <KeyOf keys={['Enter']} does="Open the row" />
        <KeyOf keys={['Ctrl or ⌘', 'K']} does="Find a page, a turn, an incident" />
        <KeyOf keys={['?']} does="These keys" />
      </dl>
      <form method="dialog">
        <button type="submit" className="button">
          Close
        </button>
      </form>
    </dialog>
  );
}

const KeyOf = ({ keys, does }: { readonly keys: readonly string[]; readonly does: string }) => (
  <>
    <dt>
      {keys.map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </dt>
    <dd>{does}</dd>
  </>
);
