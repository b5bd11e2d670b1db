import { type ReactNode, useEffect, useRef } from 'react';

interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A dialog in the browser's top layer; Escape closes it, and the focus goes back to where it was. */
export function Dialog({ title, isOpen, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const { current } = dialog;
    if (isOpen && current && !current.open) current.showModal();
    if (!isOpen && current?.open === true) current.close();
  }, [isOpen]);
  return (
    <dialog className="dialog" ref={dialog} aria-label={title} onClose={onClose}>
      {isOpen && (
        <>
          <div className="section-head">
            <h2>{title}</h2>
            <button type="button" className="button" onClick={onClose}>
              Close
            </button>
          </div>
          {children}
        </>
      )}
    </dialog>
  );
}
