/** The hold in numbers, as the product promises it: who may be deactivated unasked, and who waits for a person. */
export type HoldRule = {
  /**
   * Of these leavers, those who are not deactivated now: whoever waited already, and all new ones where together with what
   * was deactivated in the last day they are too many.
   */
  readonly waiting: (leavers: ReadonlyArray<string>, facts: HoldFacts) => ReadonlySet<string>;
};

export type HoldFacts = {
  readonly now: Date;
  /** Linked people whose account is active, before anybody is deactivated. */
  readonly active: number;
  readonly scopeEmpty: boolean;
};

const DAY = 24 * 3_600_000;

export const makeHoldRule = (): HoldRule => {
  const sent: { readonly person: string; readonly at: number }[] = [];
  const counts: { readonly active: number; readonly at: number }[] = [];
  const held = new Set<string>();
  return {
    waiting: (leavers, { now, active, scopeEmpty }) => {
      const since = now.getTime() - DAY;
      // Whoever returned, or is gone for another reason, waits no more.
      for (const person of held) if (!leavers.includes(person)) held.delete(person);
      const fresh = leavers.filter((person) => !held.has(person));
      counts.push({ active, at: now.getTime() });
      const most = Math.max(...counts.flatMap((count) => (count.at >= since ? [count.active] : [])));
      const gone = sent.flatMap(({ person, at }) => (at >= since ? [person] : []));
      const people = new Set([...gone, ...leavers]).size;
      const tooMany =
        people >= 500 ||
        (people >= 20 && people > 0.05 * most) ||
        (people >= 5 && people > 0.2 * most) ||
        (scopeEmpty && most >= 2);
      for (const person of fresh) {
        if (tooMany) held.add(person);
        else sent.push({ person, at: now.getTime() });
      }
      return held;
    },
  };
};
