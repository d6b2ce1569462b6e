import type { Decide, Pending } from '../record/recorder.js';

/** Receipts that are recorded together; a crash loses no more than these, and they are looked up. */
const TOGETHER = 50;
/** No receipt waits longer for others, while any come at all. */
const LONGEST_MS = 1_000;

export type ReceiptBuffer = {
  readonly add: (events: ReadonlyArray<Pending>) => void;
  /** Begins to record what there is. */
  readonly flush: () => void;
  /** Resolves when everything is recorded; rejects where it could not be. */
  readonly drained: () => Promise<void>;
};

/** Receipts are appended in groups, in the order they came, beside what is being sent. */
export const makeReceiptBuffer = (record: (decide: Decide) => Promise<number>, now: () => Date): ReceiptBuffer => {
  let waiting: Pending[] = [];
  let receipts = 0;
  let oldest = 0;
  let recording: Promise<void> | undefined;
  let failure: { readonly cause: unknown } | undefined;

  const recordAll = async (): Promise<void> => {
    try {
      while (waiting.length > 0) {
        const taken = waiting;
        waiting = [];
        receipts = 0;
        await record(() => taken);
      }
    } catch (cause) {
      failure ??= { cause };
    }
    recording = undefined;
  };

  const flush = (): void => {
    if (waiting.length > 0 && failure === undefined) recording ??= recordAll();
  };

  return {
    add: (events) => {
      if (events.length === 0) return;
      const at = now().getTime();
      if (receipts === 0) oldest = at;
      waiting.push(...events);
      receipts += 1;
      if (receipts >= TOGETHER || Math.abs(at - oldest) >= LONGEST_MS) flush();
    },
    flush,
    drained: async () => {
      flush();
      while (recording !== undefined) {
        await recording;
        flush();
      }
      if (failure !== undefined) throw failure.cause;
    },
  };
};
