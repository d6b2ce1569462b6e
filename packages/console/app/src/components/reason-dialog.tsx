import { useEffect, useId, useRef, useState, type ReactNode } from 'react';

type Asking = {
  readonly title: string;
  readonly children: ReactNode;
  readonly confirm: string;
  readonly danger?: boolean;
  readonly onConfirm: (reason: string) => void;
  readonly onClose: () => void;
};

/** Asks for the reason that is recorded with a decision. */
export const ReasonDialog = ({ title, children, confirm, danger, onConfirm, onClose }: Asking) => {
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState('');
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby={`${id}-title`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onConfirm(reason.trim());
          dialog.current?.close();
        }}
      >
        <h2 id={`${id}-title`}>{title}</h2>
        {children}
        <label htmlFor={`${id}-reason`}>Why? It is recorded under your name.</label>
        <textarea
          id={`${id}-reason`}
          required
          rows={3}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <div className="buttons">
          <button type="button" className="plain" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" className={danger === true ? 'danger' : ''} disabled={reason.trim() === ''}>
            {confirm}
          </button>
        </div>
      </form>
    </dialog>
  );
};
