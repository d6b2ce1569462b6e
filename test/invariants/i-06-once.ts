import type { Account, Repeat, Write } from '@learnamp/directory-sync-simulator';
import { commandOf, dataOf, textAt } from './event-data.js';
import { type Invariant, wrongIf } from './invariant.js';
import type { Ledger } from './ledger.js';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const took = ({ status }: Write): boolean => status >= 200 && status < 300;

/** The person a write is about, as far as that can be seen. */
const subjectOf = ({ path, body }: Write, ledger: Ledger, accounts: ReadonlyArray<Account>): string | undefined => {
  const [, id, verb] = /^\/v1\/users\/(\d+)(?:\/(\w+))?$/.exec(path) ?? [];
  if (id === undefined) return path === '/v1/users' ? (body['integrationExternalId'] as string | undefined) : undefined;
  const linked = [...ledger.people].find(([, person]) => person.account === id)?.[0];
  const external = accounts.find((account) => account.id === Number(id))?.integrationExternalId ?? undefined;
  const named = external !== undefined && guid.test(external) ? external.toLowerCase() : undefined;
  return linked ?? (verb === undefined ? (body['integrationExternalId'] as string | undefined) : undefined) ?? named;
};

const kindOf = ({ method, path }: Write): string | undefined => {
  if (method === 'POST' && path === '/v1/users') return 'CreateUser';
  if (path.endsWith('/deactivate')) return 'DeactivateUser';
  return path.endsWith('/reactivate') ? 'ReactivateUser' : undefined;
};

/** Longer than the adapter goes on trying within one call. */
const ONE_CALL_MS = 60_000;

/**
 * What is asked for a second time and must not be. Nobody asks again for what they were shown. Blindly, a team is never made
 * twice, and a deactivation is repeated only within the one call that lost its answer: every later one reads the account first.
 * A reactivation, a primary team and a picture are a PUT of a state: the same once more is the design's own way over a lost
 * answer, as it is for a profile, whose repeats nobody counts.
 */
const isOnceTooOften = ({ effect, looked, sinceMs }: Repeat): boolean =>
  looked || effect === 'team' || (effect === 'deactivation' && sinceMs > ONE_CALL_MS);

/** A command takes effect at most once, and nothing is sent that was not recorded first. */
export const once: Invariant = {
  id: 'I-06',
  says: 'a command takes effect once, is recorded before it is sent, and nobody gets a second mail',
  watch: () => {
    const succeeded = new Set<string>();
    const invited = new Set<number>();
    const created = new Set<string>();
    return {
      onEvent: (event) => {
        if (event.type !== 'CommandSucceeded') return [];
        const id = textAt(event, 'commandId');
        const changed = dataOf(event)['result'] === 'created' || dataOf(event)['result'] === 'updated';
        const again = changed && succeeded.has(id);
        if (changed) succeeded.add(id);
        const command = commandOf(event);
        const about = String(command?.['userId'] ?? command?.['teamKey']);
        return wrongIf(again, `the command ${id}, ${command?.kind ?? ''} of ${about}, took effect twice`);
      },
      onLook: ({ writes, invitations, accounts, repeats }, ledger) => [
        ...repeats
          .filter(isOnceTooOften)
          .flatMap(({ effect, of, looked }) =>
            wrongIf(
              true,
              `a second ${effect} of ${of} was asked for${looked ? ' though the first was seen' : ''}`,
              'Learn Amp',
            ),
          ),
        ...invitations.flatMap(({ accountId }) => {
          const again = invited.has(accountId);
          invited.add(accountId);
          return wrongIf(again, `account ${accountId} was invited twice`, 'mails of Learn Amp');
        }),
        ...writes.filter(took).flatMap((write) => {
          const subject = subjectOf(write, ledger, accounts);
          const kind = kindOf(write);
          if (subject === undefined) return [];
          const again = kind === 'CreateUser' && created.has(subject);
          if (kind === 'CreateUser') created.add(subject);
          const sent = ledger.people.get(subject)?.sent;
          const known = kind === undefined ? (sent?.size ?? 0) > 0 : sent?.has(kind) === true;
          const where = `write ${write.sequence}`;
          return [
            ...wrongIf(again, `a second account was made for ${subject}`, where),
            ...wrongIf(
              !known,
              `${write.method} ${write.path} went out for ${subject} and was not recorded before`,
              where,
            ),
          ];
        }),
      ],
    };
  },
};
