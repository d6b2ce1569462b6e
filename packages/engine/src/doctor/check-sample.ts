import {
  desire,
  mappedAttributes,
  type LearnAmpFailure,
  type ObjectId,
  type Preferences,
} from '@learnamp/directory-sync-domain';
import { openDirectorySource, type ProfileRead } from '@learnamp/directory-sync-graph';
import type { AccountLookup, LearnAmpPort } from '@learnamp/directory-sync-learn-amp';
import * as E from 'fp-ts/lib/Either.js';
import { graphError, learnAmpError } from '../failure.js';
import { counted, failed, note, ok, type DoctorCheck, type SampledPerson, type SampleOutcome } from './doctor-check.js';
import type { Asked } from './doctor-options.js';

/** Enough to see a wrong mapping by; each costs up to three requests at Learn Amp. */
const PEOPLE = 10;

type Looked = E.Either<LearnAmpFailure, SampleOutcome>;

/** Whom a creation would find: by id first, then by the address, as the sync itself looks. */
const accountOutcome = async (
  port: LearnAmpPort,
  { userId, email }: { readonly userId: ObjectId; readonly email: string },
  { externalId, adoptByEmail }: Preferences,
  signal: AbortSignal,
): Promise<Looked> => {
  const byId: AccountLookup = { by: 'externalId', externalId: userId };
  const linked = externalId === 'none' ? E.right(undefined) : await port.findAccount(byId, { signal })();
  if (E.isLeft(linked)) return linked;
  if (linked.right !== undefined) return E.right(linked.right.status === 'deactivated' ? 'reactivated' : 'linked');
  const found = await port.findAccount({ by: 'email', email }, { signal })();
  if (E.isLeft(found)) return found;
  if (found.right === undefined) return E.right('created');
  if (!adoptByEmail) return E.right('address-taken');
  return E.right(found.right.status === 'deactivated' ? 'reactivated' : 'linked-by-address');
};

const words: Readonly<Record<SampleOutcome, readonly [one: string, many: string]>> = {
  created: ['would get an account', 'would get accounts'],
  linked: ['has one already', 'have one already'],
  'linked-by-address': [
    'has one under the same address, which is linked',
    'have one under the same address, which is linked',
  ],
  reactivated: ['has a deactivated one, which is reactivated', 'have a deactivated one, which is reactivated'],
  'address-taken': [
    'has an address that an account has, which adoptByEmail: false does not link',
    'have an address that an account has, which adoptByEmail: false does not link',
  ],
  'no-email': ['has no usable e-mail address and gets none', 'have no usable e-mail address and get none'],
  unreadable: ['cannot be read', 'cannot be read'],
  'not-known': ['was not looked up at Learn Amp', 'were not looked up at Learn Amp'],
};

const tell = (people: ReadonlyArray<SampledPerson>, blocked: number): string => {
  const counts = new Map<SampleOutcome, number>();
  for (const { outcome } of people) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const parts = (Object.keys(words) as ReadonlyArray<SampleOutcome>).flatMap((outcome) => {
    const count = counts.get(outcome) ?? 0;
    return count === 0 ? [] : [`${count} ${words[outcome][count === 1 ? 0 : 1]}`];
  });
  const also = blocked === 0 ? '' : ` ${counted(blocked, 'of them is', 'of them are')} blocked in Entra.`;
  return `Of ${counted(people.length, 'person', 'people')} of the group ${parts.join(', ')}.${also} "preview" lists everybody.`;
};

/** It works, and somebody may want to look: no account, or none that can be linked. */
const worthTelling: ReadonlySet<SampleOutcome> = new Set(['address-taken', 'no-email', 'unreadable', 'not-known']);

type Sampled = SampledPerson & { readonly blocked: boolean };

/** One person after the other. The first call that Learn Amp does not answer is the last: `why` says what it came to. */
const makeLooking = (preferences: Preferences, port: LearnAmpPort, signal: AbortSignal) => {
  let unanswered: LearnAmpFailure | undefined;
  const accountOf = async (userId: ObjectId, email: string): Promise<SampleOutcome> => {
    if (unanswered !== undefined) return 'not-known';
    const outcome = await accountOutcome(port, { userId, email }, preferences, signal);
    if (E.isRight(outcome)) return outcome.right;
    unanswered = outcome.left;
    return 'not-known';
  };
  return {
    look: async (userId: ObjectId, read: ProfileRead | undefined): Promise<Sampled> => {
      if (read?._tag !== 'Found') return { userId, displayName: null, outcome: 'unreadable', blocked: false };
      const { attributes, accountEnabled = true } = read.user;
      const { email } = desire(preferences, { userId, attributes, accountEnabled });
      const outcome = email === undefined ? 'no-email' : await accountOf(userId, email);
      return { userId, displayName: attributes['displayName'] ?? null, outcome, blocked: !accountEnabled };
    },
    why: () => (unanswered === undefined ? '' : ` ${learnAmpError(unanswered).message}`),
  };
};

/** What the first sync would do with a few people of the group. Nobody is named unless it was asked for. */
export const checkSample = async (asked: Asked, port: LearnAmpPort): Promise<DoctorCheck> => {
  const { probes, options, transport, signal } = asked;
  const { preferences, groupId } = options;
  const ids = await probes.sample(groupId, PEOPLE, { signal });
  if (E.isLeft(ids))
    return ids.left._tag === 'GraphProtocol'
      ? note('sample', 'This Microsoft Graph gives no sample of the group; "preview" lists everybody.')
      : failed('sample', graphError(ids.left).message);
  if (ids.right.length === 0) return note('sample', 'There is nobody to look at.');
  const source = openDirectorySource(transport, { customAttributes: mappedAttributes(preferences) });
  const read = await source.readProfiles(ids.right, { signal })();
  await source.close();
  if (E.isLeft(read)) return failed('sample', graphError(read.left).message);

  const looking = makeLooking(preferences, port, signal);
  const found: Sampled[] = [];
  for (const [index, userId] of ids.right.entries()) found.push(await looking.look(userId, read.right[index]));
  const says = `${tell(found, found.filter(({ blocked }) => blocked).length)}${looking.why()}`;
  const check = found.some(({ outcome }) => worthTelling.has(outcome)) ? note('sample', says) : ok('sample', says);
  const people = found.map(({ userId, displayName, outcome }) => ({ userId, displayName, outcome }));
  return options.names === true ? { ...check, people } : check;
};
