import { type ReactNode, type RefObject, useEffect, useRef } from 'react';

interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Keeps a dialog in the browser's top layer while it is open; closed, the focus goes back to where it was. */
export function useModal(isOpen: boolean): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const { current } = dialog;
    if (isOpen && current && !current.open) current.showModal();
    if (!isOpen && current?.open === true) current.close();
  }, [isOpen]);
  return dialog;
}

/** A dialog in the browser's top layer; Escape closes it, and the focus goes back to where it was. */
export function Dialog({ title, isOpen, onClose, children }: DialogProps) {
  const dialog = useModal(isOpen);
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
