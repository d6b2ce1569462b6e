import { profileFields } from '../commands.js';
import type { Draft } from '../evolve/change-by-type.js';
import type { LearnAmpAccount } from '../learn-amp-account.js';
import { customFieldsShown, profileShown, without } from './account-shown.js';
import type { DeliveredPerson, NotKept } from './delivered-person.js';

/** Why a person is parked of whom Learn Amp shows a text otherwise than it was written, each time. */
export const notKept = 'not-kept-by-learn-amp';

/** So many looks in a row after a write, and the value is not written any more. */
export const MOST_WRITTEN = 3;

type Text = string | null | undefined;
type Texts = Readonly<Record<string, Text>>;

/** The texts of an account by slot. Teams, managers and addresses are none: what becomes of them is decided apart. */
const textsOf = (
  { firstName, lastName }: { readonly firstName: Text; readonly lastName: Text },
  profile: Texts,
  customFields: Texts,
): Texts => {
  const texts: Record<string, Text> = { firstName, lastName };
  for (const field of profileFields) texts[field] = profile[field];
  for (const [name, value] of Object.entries(customFields)) texts[`custom:${name}`] = value;
  return texts;
};

const textsHeld = ({ firstName, lastName, profile, customFields }: DeliveredPerson): Texts =>
  textsOf({ firstName, lastName }, profile, customFields);

const textsShown = (account: LearnAmpAccount): Texts => {
  // A name that is not shown says nothing.
  const names = { firstName: account.firstName ?? undefined, lastName: account.lastName ?? undefined };
  return textsOf(names, profileShown(account), customFieldsShown(account));
};

const after = (before: NotKept | undefined, wanted: string | null, shown: string | null): NotKept | undefined => {
  if (wanted === shown) return before?.shown === shown ? before : undefined;
  const again = before?.wanted === wanted && before.shown === shown;
  return { wanted, shown, times: again ? before.times + 1 : 1 };
};

/**
 * A look at the linked account, before what it shows is taken over: what was written and is shown otherwise is counted. One
 * that was kept, or is shown in yet another way, begins anew.
 */
export const countNotKept = (draft: Draft<DeliveredPerson>, account: LearnAmpAccount): void => {
  const [held, shown] = [textsHeld(draft), textsShown(account)];
  for (const [slot, now] of Object.entries(shown)) {
    const was = held[slot];
    if (was === undefined || now === undefined) continue;
    const next = after(draft.notKept[slot], was, now);
    if (next !== undefined) draft.notKept = { ...draft.notKept, [slot]: next };
    else if (slot in draft.notKept) draft.notKept = without(draft.notKept, slot);
  }
};

/** Whether Learn Amp made this very value into what it holds now, each time it was written: it is not written again. */
export const isNotKept = (
  kept: DeliveredPerson['notKept'] | undefined,
  slot: string,
  { want, have }: { readonly want: Text; readonly have: Text },
): boolean => {
  const counted = kept !== undefined && Object.hasOwn(kept, slot) ? kept[slot] : undefined;
  if (counted === undefined || counted.times < MOST_WRITTEN) return false;
  return counted.wanted === (want ?? null) && counted.shown === have;
};

/** The slots that are not written any more, as far as Learn Amp's side tells. */
export const slotsNotKept = (delivered: DeliveredPerson): ReadonlyArray<string> => {
  const counted = Object.entries(delivered.notKept);
  // Of nearly everybody nothing was ever counted.
  if (counted.length === 0) return [];
  const held = textsHeld(delivered);
  return counted.flatMap(([slot, { wanted, shown }]) =>
    shown === held[slot] && isNotKept(delivered.notKept, slot, { want: wanted, have: shown }) ? [slot] : [],
  );
};

/** Shown as it was written, after it twice was not: the next time is a first time, and the look is worth recording. */
export const isKeptAfterAll = ({ notKept: kept }: DeliveredPerson, account: LearnAmpAccount): boolean => {
  const shown = textsShown(account);
  return Object.entries(kept).some(([slot, { wanted, times }]) => times >= MOST_WRITTEN - 1 && shown[slot] === wanted);
};
