import type { ReactNode } from 'react';

type Turning = {
  readonly back: string;
  readonly forth: string;
  readonly isFirst: boolean;
  readonly hasMore: boolean;
  readonly turn: (by: 1 | -1) => void;
  readonly children?: ReactNode;
};

/** Turns the pages of a list. */
export const PageButtons = ({ back, forth, isFirst, hasMore, turn, children }: Turning) => (
  <nav className="pages" aria-label="Pages">
    <button type="button" className="plain" disabled={isFirst} onClick={() => turn(-1)}>
      {back}
    </button>
    {children}
    <button type="button" className="plain" disabled={!hasMore} onClick={() => turn(1)}>
      {forth}
    </button>
  </nav>
);
