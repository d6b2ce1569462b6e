import type { DropReason } from './judge-item.js';

/** Why a request was not answered 202. */
export type RefusalReason =
  'method' | 'token' | 'encoding' | 'tooLarge' | 'noNotification' | 'broken' | 'crowded' | 'notWritten';

/** Counts since the handler was made. They name nobody and hold no value of any body. */
export type NotificationCounters = {
  /** Handshakes that were answered with their token. */
  readonly validations: number;
  /** Items of well-formed notifications. Each one is marked, reauthorization, ignored or rejected, or its request was `notWritten`. */
  readonly received: number;
  /** Items that set a durable mark. */
  readonly marked: number;
  readonly reauthorizations: number;
  /** Genuine lifecycle items of a kind that is not known. */
  readonly ignored: number;
  /** Items that do not come from Graph: those in `rejected` but for `malformed`. */
  readonly forged: number;
  readonly rejected: Readonly<Record<DropReason, number>>;
  /** Requests that were not accepted. */
  readonly refused: Readonly<Record<RefusalReason, number>>;
};

export type CountNotifications = {
  readonly add: (name: 'validations' | 'received' | 'marked' | 'reauthorizations' | 'ignored', count: number) => void;
  readonly reject: (reason: DropReason) => void;
  readonly refuse: (reason: RefusalReason) => void;
  readonly forged: () => number;
  readonly snapshot: () => NotificationCounters;
};

export const countNotifications = (): CountNotifications => {
  const totals = { validations: 0, received: 0, marked: 0, reauthorizations: 0, ignored: 0, forged: 0 };
  const rejected: Record<DropReason, number> = {
    malformed: 0,
    unknownSubscription: 0,
    clientState: 0,
    tenant: 0,
    resource: 0,
  };
  const refused: Record<RefusalReason, number> = {
    method: 0,
    token: 0,
    encoding: 0,
    tooLarge: 0,
    noNotification: 0,
    broken: 0,
    crowded: 0,
    notWritten: 0,
  };
  return {
    add: (name, count) => {
      totals[name] += count;
    },
    reject: (reason) => {
      rejected[reason] += 1;
      if (reason !== 'malformed') totals.forged += 1;
    },
    refuse: (reason) => {
      refused[reason] += 1;
    },
    forged: () => totals.forged,
    snapshot: () => ({ ...totals, rejected: { ...rejected }, refused: { ...refused } }),
  };
};
