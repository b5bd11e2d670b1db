import { useEffect, useState } from 'react';

const SAYS_MS = 1_500;

/** Copies a text and says so. */
export function Copy({ text, name }: { readonly text: string | (() => string); readonly name: string }) {
  const [state, setState] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (state === null) return;
    const timer = window.setTimeout(() => setState(null), SAYS_MS);
    return () => window.clearTimeout(timer);
  }, [state]);
  function copy(): void {
    const whole = typeof text === 'string' ? text : text();
    // Without TLS a browser gives pages no clipboard, except on the machine itself.
    const done = 'clipboard' in navigator ? navigator.clipboard.writeText(whole) : Promise.reject(new Error('no clipboard'));
    done.then(
      () => setState('copied'),
      () => setState('failed'),
    );
  }
  return (
    <button type="button" className="button" onClick={copy}>
      <span aria-live="polite">
        {state === 'copied' ? 'Copied' : state === 'failed' ? 'This browser did not let it copy' : name}
      </span>
    </button>
  );
}
