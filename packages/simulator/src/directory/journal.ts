/** What changed, in order: a delta round is the part of the journal after its token. */
export type Change =
  | { readonly type: 'created' }
  | { readonly type: 'deleted' }
  | { readonly type: 'purged' }
  | { readonly type: 'restored' }
  | { readonly type: 'property'; readonly name: string }
  | { readonly type: 'manager'; readonly from: string | undefined; readonly to: string | undefined }
  | { readonly type: 'member'; readonly memberId: string; readonly present: boolean };

export type JournalEntry = {
  /** 1, 2, 3 … without gaps, over users and groups. */
  readonly sequence: number;
  readonly kind: 'user' | 'group';
  readonly id: string;
  readonly change: Change;
};

export interface Journal {
  readonly append: (kind: 'user' | 'group', id: string, change: Change) => void;
  /** Sequence of the newest entry, 0 when there is none. */
  readonly head: () => number;
  /** Entries with a sequence above `since`. */
  readonly after: (since: number) => ReadonlyArray<JournalEntry>;
}

export const makeJournal = (): Journal => {
  const entries: JournalEntry[] = [];
  return {
    append: (kind, id, change) => {
      entries.push({ sequence: entries.length + 1, kind, id, change });
    },
    head: () => entries.length,
    after: (since) => entries.slice(since),
  };
};
