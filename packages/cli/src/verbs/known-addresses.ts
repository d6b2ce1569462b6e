import type { DirectorySync, EventView } from '@learnamp/directory-sync';
import { isRecord, own } from '../configuration/reader.js';

/** The present sign-in name and mail of a person, in lower case. */
type Addresses = { readonly userPrincipalName?: string | undefined; readonly mail?: string | undefined };

const folded = (value: unknown): string | undefined => (typeof value === 'string' ? value.toLowerCase() : undefined);

const after = (known: Addresses, event: EventView): Addresses => {
  const attributes = own(event.data, 'attributes');
  if (event.type === 'UserJoinedGroup')
    return {
      userPrincipalName: folded(own(attributes, 'userPrincipalName')),
      mail: folded(own(attributes, 'mail')),
    };
  const to = folded(own(event.data, 'to'));
  return event.type === 'MailChanged' ? { ...known, mail: to } : { ...known, userPrincipalName: to };
};

/**
 * Object ids by present sign-in name and mail. Earlier addresses are forgotten, and an erased person has none:
 * those are found by id only.
 */
export const knownAddresses = async (connection: DirectorySync): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  const people = new Map<string, Addresses>();
  const types = ['UserJoinedGroup', 'UserPrincipalNameChanged', 'MailChanged'];
  for await (const event of connection.events({ types })) {
    const userId = own(event.data, 'userId');
    if (!isRecord(event.data) || typeof userId !== 'string') continue;
    people.set(userId, after(people.get(userId) ?? {}, event));
  }
  const owners = new Map<string, Set<string>>();
  for (const [userId, addresses] of people)
    for (const address of [addresses.userPrincipalName, addresses.mail]) {
      if (address === undefined) continue;
      const known = owners.get(address);
      if (known === undefined) owners.set(address, new Set([userId]));
      else known.add(userId);
    }
  return owners;
};
