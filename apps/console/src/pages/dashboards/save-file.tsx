import { useState } from 'react';
import { Failure } from '../../design/parts';

interface SaveFileProps {
  /** Of the file. */
  readonly name: string;
  readonly label: string;
  /** Why it cannot be saved now. */
  readonly why: string | undefined;
  readonly content: () => Promise<object>;
}

/** Asks for something, and saves it as a JSON file. */
export function SaveFile({ name, label, why, content }: SaveFileProps) {
  const [state, setState] = useState<{ readonly isBusy: boolean; readonly error?: unknown }>({ isBusy: false });
  async function save(): Promise<void> {
    setState({ isBusy: true });
    try {
      const text = `${JSON.stringify(await content(), null, 2)}\n`;
      const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
      const link = document.createElement('a');
      link.href = address;
      link.download = name;
      link.click();
      // The browser has begun to read it by the next task.
      window.setTimeout(() => URL.revokeObjectURL(address), 0);
      setState({ isBusy: false });
    } catch (error) {
      setState({ isBusy: false, error });
    }
  }
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={state.isBusy || why !== undefined}
        title={why}
        onClick={() => void save()}
      >
        {label}
      </button>
      {state.error !== undefined && <Failure error={state.error} again={() => void save()} />}
    </>
  );
}
