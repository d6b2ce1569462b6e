import type { GraphFailure, GroupFacts, Nesting, TokenClaims } from '@learnamp/directory-sync-graph';
import * as E from 'fp-ts/lib/Either.js';
import { briefly } from '../views/briefly.js';
import { grant, graphError } from '../failure.js';
import { carries } from './check-permissions.js';
import { counted, failed, note, ok, shown, skipped, type DoctorCheck } from './doctor-check.js';
import type { Asked } from './doctor-options.js';

const kind = (group: GroupFacts): DoctorCheck => {
  const check = 'group-kind';
  if (group.dynamic)
    return note(
      check,
      'Its members follow a rule (dynamic): Entra may take up to a day to apply the rule to a change; from then on it is synced as any other.',
    );
  if (group.unified)
    return note(
      check,
      'It is a Microsoft 365 group. Its members are synced; a security group is what others cannot join by themselves.',
    );
  if (group.securityEnabled === false)
    return note(
      check,
      'It is not security-enabled (a distribution list). Its members are synced; a security group is the one to choose.',
    );
  return group.mailEnabled === true
    ? ok(check, 'It is a mail-enabled security group, with members by hand.')
    : ok(check, 'It is a security group, with members by hand.');
};

const HIDES = 'Nobody is shown: the group hides its members, see below.';

const readCounts = async ({ probes, options, signal }: Asked) => {
  const [members, direct, all] = [
    await probes.countMembers(options.groupId, 'members', { signal }),
    await probes.countMembers(options.groupId, 'direct', { signal }),
    await probes.countMembers(options.groupId, 'all', { signal }),
  ];
  return E.isRight(members) && E.isRight(direct) && E.isRight(all)
    ? E.right({ members: members.right, direct: direct.right, all: all.right })
    : ([members, direct, all].find(E.isLeft) ?? E.left<GraphFailure>({ _tag: 'GraphAborted' }));
};

/** Not every Graph counts by the index; the sync does without. */
const uncounted = (failure: GraphFailure): boolean =>
  failure._tag === 'GraphProtocol' || failure._tag === 'GraphNotFound';

const empty = (members: number): DoctorCheck =>
  note(
    'people',
    members > 0
      ? `Nobody is in the group: its ${counted(members, 'member is no person, or a group', 'members are no people, or groups')} without people. A sync would make no accounts.`
      : 'The group is empty: a sync would make no accounts. Add people to it, or check groupId.',
  );

const people = async (asked: Asked, group: GroupFacts, roles: TokenClaims['roles']): Promise<DoctorCheck> => {
  const counts = await readCounts(asked);
  const hides = group.hiddenMembership && carries(roles, 'Member.Read.Hidden') !== true;
  if (E.isLeft(counts)) {
    if (hides && counts.left._tag === 'GraphForbidden') return note('people', HIDES);
    return uncounted(counts.left)
      ? note('people', 'This Microsoft Graph does not count the members of groups; the sync does without.')
      : failed('people', graphError(counts.left).message);
  }
  const { members, direct, all } = counts.right;
  if (all === 0) return hides ? note('people', HIDES) : empty(members);
  const tenant = await asked.probes.countUsers({ signal: asked.signal });
  const within = E.isRight(tenant) ? `, of ${counted(tenant.right, 'person', 'people')} in the tenant` : '';
  const found = `${counted(all, 'person', 'people')} in the group and the groups within it`;
  return ok('people', `${found}, ${shown(direct)} of them directly${within}.`);
};

const nestingWords = ({ groups, levels, atLeast }: Nesting): DoctorCheck =>
  groups === 0
    ? ok('nesting', 'There is no group within the group.')
    : ok(
        'nesting',
        `${counted(groups, 'group', 'groups')} within the group, on ${atLeast ? 'at least ' : ''}${counted(levels, 'level', 'levels')} with the group itself; all of them count.`,
      );

const hidden = (group: GroupFacts, nesting: Nesting | undefined, roles: TokenClaims['roles']): DoctorCheck => {
  const check = 'hidden-members';
  const hiding = (group.hiddenMembership ? 1 : 0) + (nesting?.hidden ?? 0);
  if (hiding === 0) return ok(check, 'No group hides its members.');
  const which = group.hiddenMembership
    ? 'The group hides its members'
    : `${counted(hiding, 'nested group hides', 'nested groups hide')} the members`;
  switch (carries(roles, 'Member.Read.Hidden')) {
    case true:
      return ok(check, `${which}; the app may see them (Member.Read.Hidden).`);
    case false:
      return failed(
        check,
        `${which}: ${grant(['Member.Read.Hidden'])}. Until then nobody is found there, and nobody is deactivated for it.`,
      );
    case undefined:
      return note(check, `${which}, and the token does not say whether the app may see them (Member.Read.Hidden).`);
  }
};

/** The group, its kind, its people and its depth. Returns whether there is a group to look at further. */
export async function* checkGroup(asked: Asked, roles: TokenClaims['roles']): AsyncGenerator<DoctorCheck, boolean> {
  const { probes, options, signal } = asked;
  const rest = ['group-kind', 'people', 'nesting', 'hidden-members'] as const;
  const read = await probes.group(options.groupId, { signal, priority: 'high' });
  if (E.isLeft(read) || read.right === undefined) {
    yield failed(
      'group',
      E.isLeft(read)
        ? graphError(read.left).message
        : `There is no group ${options.groupId} in the tenant: check groupId (the Object ID on the group’s overview page), and whether the group was deleted.`,
    );
    yield* rest.map(skipped);
    return false;
  }
  const group = read.right;
  yield ok(
    'group',
    `The group ${options.groupId} is there: ${group.displayName === undefined ? 'without a name' : briefly(group.displayName)}.`,
  );
  yield kind(group);
  yield await people(asked, group, roles);
  const nesting = await probes.nesting(options.groupId, { signal });
  if (E.isRight(nesting)) yield nestingWords(nesting.right);
  else if (uncounted(nesting.left))
    yield note('nesting', 'This Microsoft Graph does not list nested groups at once; the sync finds them one by one.');
  else yield failed('nesting', graphError(nesting.left).message);
  yield hidden(group, E.isRight(nesting) ? nesting.right : undefined, roles);
  return true;
}
