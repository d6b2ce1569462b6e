import type { DeliveredPerson, DirectoryPerson } from '@learnamp/directory-sync-domain';
import { initialDelivered, isSettledLeaver } from '@learnamp/directory-sync-domain';
import { sharesOf } from './counts.js';

/**
 * What of a person decides about counts, holders and other people's plans. Noted before an event is folded and again behind
 * it: the state itself may be changed in place. Written over for each event, since a long fold notes millions of them.
 */
export type FactsOfPerson = {
  /** Up to where each side is folded: another one means that it changed. `undefined`: nothing is known. */
  factRevision: string | undefined;
  foldedTo: string | undefined;
  /** Where the person is counted. */
  shares: number;
  /** Out for good, with data that is still here. */
  settled: boolean;
  inScope: boolean;
  erased: boolean;
  accountEnabled: boolean | undefined;
  deleted: DirectoryPerson['deleted'];
  confirmed: boolean | undefined;
  link: DeliveredPerson['link'];
  email: string | undefined;
  gone: boolean | undefined;
  deactivated: boolean;
  deactivatedAt: string | undefined;
  activeSince: string | undefined;
};

export const blankFacts = (): FactsOfPerson => ({
  factRevision: undefined,
  foldedTo: undefined,
  shares: 0,
  settled: false,
  inScope: false,
  erased: false,
  accountEnabled: undefined,
  deleted: undefined,
  confirmed: undefined,
  link: undefined,
  email: undefined,
  gone: undefined,
  deactivated: false,
  deactivatedAt: undefined,
  activeSince: undefined,
});

const notePerson = (into: FactsOfPerson, person: DirectoryPerson | undefined): void => {
  into.factRevision = person?.factRevision;
  into.inScope = person?.inScope === true;
  into.erased = person?.erased === true;
  into.accountEnabled = person?.accountEnabled;
  into.deleted = person?.deleted;
  into.confirmed = person?.leave === undefined ? undefined : person.leave.confirmations > 0;
};

const noteDelivered = (into: FactsOfPerson, delivered: DeliveredPerson | undefined): void => {
  into.foldedTo = delivered?.foldedTo;
  into.link = delivered?.link;
  into.email = delivered?.email;
  into.gone = delivered?.gone;
  into.deactivated = delivered?.status === 'deactivated';
  into.deactivatedAt = delivered?.deactivatedAt;
  into.activeSince = delivered?.activeSince;
};

export const noteFacts = (
  into: FactsOfPerson,
  key: string,
  person: DirectoryPerson | undefined,
  delivered: DeliveredPerson | undefined,
): void => {
  notePerson(into, person);
  noteDelivered(into, delivered);
  into.shares = sharesOf(person, delivered);
  into.settled = person?.inScope === false && isSettledLeaver(person, delivered ?? initialDelivered(key));
};

const isKnownAlike = (before: unknown, after: unknown): boolean => (before === undefined) === (after === undefined);

/** Whether somebody is still the same to whom they manage, or who was given to them before (domain, `managerWish`). */
export const isSameManager = (before: FactsOfPerson, after: FactsOfPerson): boolean =>
  isKnownAlike(before.factRevision, after.factRevision) &&
  before.inScope === after.inScope &&
  before.erased === after.erased &&
  before.accountEnabled === after.accountEnabled &&
  before.deleted === after.deleted &&
  before.confirmed === after.confirmed &&
  isSameAccount(before, after);

const isSameAccount = (before: FactsOfPerson, after: FactsOfPerson): boolean =>
  isKnownAlike(before.foldedTo, after.foldedTo) &&
  before.link === after.link &&
  before.gone === after.gone &&
  before.deactivated === after.deactivated &&
  before.deactivatedAt === after.deactivatedAt &&
  before.activeSince === after.activeSince;

/** The address that an account of theirs holds at Learn Amp, in lower case. */
export const emailHeld = ({ link, gone, email }: FactsOfPerson): string | undefined =>
  link === undefined || gone === true ? undefined : email?.toLowerCase();
