import type { LearnAmpAccount, LearnAmpFailure, ObjectId } from '@learnamp/directory-sync-domain';
import { desire } from '@learnamp/directory-sync-domain';
import type { GraphFailure, MembershipCheck, ProfileRead, ReadOptions } from '@learnamp/directory-sync-graph';
import type { AccountLookup } from '@learnamp/directory-sync-learn-amp';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Connection } from '../connection/open-connection.js';
import type { EngineState } from '../state/engine-state.js';
import { stopped } from './stopped.js';
import type { LiveCheck, LiveStep } from './why.js';

/** Somebody waits for it: a question that is not answered within this time is a line of its own. */
const PATIENCE_MS = 10_000;

export type Said = Omit<LiveStep, 'step' | 'requestId'> & { readonly requestId?: string | undefined };

export const graphRefusal = (failure: GraphFailure): Said => {
  const requestId = 'requestId' in failure ? failure.requestId : undefined;
  switch (failure._tag) {
    case 'GraphAborted':
      throw stopped();
    case 'GraphForbidden':
      return { outcome: 'refused', says: `Microsoft Graph refuses to show this (403 ${failure.code})`, requestId };
    case 'GraphNotFound':
      return { outcome: 'no', says: `Microsoft Graph does not know this (404 ${failure.code})`, requestId };
    case 'GraphThrottled':
      return { outcome: 'throttled', says: `Microsoft Graph asks to wait until ${failure.retryAt}`, requestId };
    case 'GraphCredentials':
      return { outcome: 'refused', says: `Microsoft refused the sign-in (${failure.code})`, requestId };
    case 'GraphUnreachable':
    case 'GraphProtocol':
      return { outcome: 'failed', says: `no usable answer: ${failure.detail}`, requestId };
    case 'UnsafeLink':
      return { outcome: 'failed', says: `an answer led to another host (${failure.host})`, requestId };
    case 'ResyncRequired':
      return { outcome: 'failed', says: `Microsoft Graph asks for a fresh start: ${failure.reason}`, requestId };
    case 'PageExpired':
      return { outcome: 'failed', says: `a page token was refused (${failure.code})`, requestId };
  }
};

export const learnAmpRefusal = (failure: LearnAmpFailure): Said => {
  switch (failure._tag) {
    case 'LearnAmpAborted':
      throw stopped();
    case 'LearnAmpCredentials':
      return { outcome: 'refused', says: 'Learn Amp refused the credentials' };
    case 'LearnAmpMissingScope':
      return { outcome: 'refused', says: `Learn Amp allows it with the scope ${failure.scope} only` };
    case 'LearnAmpThrottled':
      return { outcome: 'throttled', says: `Learn Amp asks to wait until ${failure.retryAt}` };
    case 'LearnAmpUnreachable':
    case 'LearnAmpProtocol':
      return { outcome: 'failed', says: `Learn Amp gave no usable answer: ${failure.detail}` };
  }
};

export const step = (name: LiveStep['step'], { outcome, says, requestId }: Said): LiveStep => ({
  step: name,
  outcome,
  says,
  requestId: requestId ?? null,
});

const graphStep = async <A>(
  name: LiveStep['step'],
  asked: TaskEither<GraphFailure, A>,
  say: (answer: A) => Said,
): Promise<LiveStep> => {
  const answer = await asked();
  return step(name, E.isLeft(answer) ? graphRefusal(answer.left) : say(answer.right));
};

export const groupWords = (
  read: { readonly _tag: 'Readable' | 'Missing' | 'Unreadable' } & Partial<{
    readonly requestId: string | undefined;
    readonly hiddenMembership: boolean | undefined;
    readonly code: string;
  }>,
): Said => {
  switch (read._tag) {
    case 'Readable':
      return {
        outcome: 'yes',
        says:
          read.hiddenMembership === true
            ? 'the scope group exists; its membership is hidden, and shows nobody without Member.Read.Hidden'
            : 'the scope group exists and can be read',
        requestId: read.requestId,
      };
    case 'Missing':
      return { outcome: 'no', says: 'the scope group does not exist' };
    case 'Unreadable':
      return { outcome: 'refused', says: `Microsoft Graph refuses to show the scope group (403 ${read.code ?? ''})` };
  }
};

export const userWords = (read: ProfileRead | undefined): Said => {
  switch (read?._tag) {
    case 'Found': {
      const { accountEnabled, attributes } = read.user;
      const enabled =
        accountEnabled === undefined ? 'not said whether blocked' : accountEnabled ? 'not blocked' : 'blocked';
      const type = attributes['userType'] ?? 'not said';
      return { outcome: 'yes', says: `the account exists: ${enabled}, user type ${type}`, requestId: read.requestId };
    }
    case 'NotFound':
      return { outcome: 'no', says: 'there is no such account in Entra (404)', requestId: read.requestId };
    case 'Unreadable': {
      const outcome = read.detail.startsWith('403') || read.detail === 'limited-information' ? 'refused' : 'failed';
      return { outcome, says: `the account cannot be read: ${read.detail}`, requestId: read.requestId };
    }
    case undefined:
      return { outcome: 'failed', says: 'the account was not answered for' };
  }
};

export const membershipWords = (check: MembershipCheck | undefined): Said => {
  switch (check?._tag) {
    case 'StillMember':
      return { outcome: 'yes', says: 'a member, nested groups included', requestId: check.requestId };
    case 'NotMember':
      return { outcome: 'no', says: 'not a member, nor of a nested group', requestId: check.requestId };
    case 'UserNotFound':
      return { outcome: 'no', says: 'there is no such account to be a member', requestId: check.requestId };
    case 'Unconfirmed':
      return {
        outcome: check.because === 'forbidden' ? 'refused' : 'failed',
        says: check.because === 'forbidden' ? 'refused (403)' : 'no usable answer',
        requestId: check.requestId,
      };
    case undefined:
      return { outcome: 'failed', says: 'not answered for' };
  }
};

type Asking = {
  readonly connection: Connection;
  readonly state: EngineState;
  readonly userId: ObjectId;
  readonly options: ReadOptions;
};

const scopeGroupOf = ({ connection, state }: Asking): ObjectId =>
  state.connection().groupId ?? connection.options.groupId;

const membershipStep = (asking: Asking): Promise<LiveStep> => {
  const { connection, userId, options } = asking;
  const asked = connection.options.directory.checkMembership([userId], scopeGroupOf(asking), options);
  return graphStep('membership', asked, ([check]) => membershipWords(check));
};

/** Of the groups that list the person, those below the scope group as it is recorded. */
const directGroupsStep = (asking: Asking): Promise<LiveStep> => {
  const { connection, state, userId, options } = asking;
  const closure = state.membership.reach(scopeGroupOf(asking)).groups;
  return graphStep('direct-groups', connection.options.directory.lookups.directGroups(userId, options), (answer) => {
    const within = answer.ids.filter((id) => closure.has(id));
    return {
      outcome: within.length > 0 ? 'yes' : 'no',
      says:
        within.length > 0
          ? `listed by ${within.join(', ')}`
          : `listed by ${answer.ids.length} groups or other objects, none of them known below the scope group`,
      requestId: answer.requestId,
    };
  });
};

const deletedStep = ({ connection, userId, options }: Asking): Promise<LiveStep> =>
  graphStep('deleted-items', connection.options.directory.lookups.isDeleted(userId, options), (answer) => ({
    outcome: answer.deleted ? 'yes' : 'no',
    says: answer.deleted ? 'among the deleted accounts: it can be restored in Entra' : 'not among the deleted accounts',
    requestId: answer.requestId,
  }));

const accountWords = (
  account: LearnAmpAccount | undefined,
  linked: string | undefined,
  wanted: string | undefined,
): Said => {
  if (account === undefined)
    return {
      outcome: 'no',
      says: linked === undefined ? 'no account was found' : `the account ${linked} is not there`,
    };
  const active = account.status === 'deactivated' ? 'deactivated' : `active (${account.status})`;
  const same = wanted === undefined || account.email.toLowerCase() === wanted ? 'the same address' : 'another address';
  return { outcome: 'yes', says: `the account ${account.learnAmpUserId} is ${active}, with ${same}` };
};

/** By the link; else by the person's id, then by the address the account would have. */
const accountStep = async (
  { connection, state, userId, options }: Asking,
  email: string | undefined,
): Promise<LiveStep> => {
  const { link } = state.delivered(userId);
  const lookups: ReadonlyArray<AccountLookup> =
    link !== undefined
      ? [{ by: 'id', learnAmpUserId: link }]
      : [{ by: 'externalId', externalId: userId }, ...(email === undefined ? [] : [{ by: 'email' as const, email }])];
  for (const lookup of lookups) {
    const found = await connection.options.learnAmp.findAccount(lookup, { signal: options.signal })();
    if (E.isLeft(found)) return step('account', learnAmpRefusal(found.left));
    if (found.right !== undefined) return step('account', accountWords(found.right, link, email));
  }
  return step('account', accountWords(undefined, link, email));
};

const compare = (knownInScope: boolean, group: LiveStep, membership: LiveStep): string => {
  if (group.outcome === 'no') return 'Without the scope group nobody comes or leaves; check groupId.';
  if (membership.outcome !== 'yes' && membership.outcome !== 'no')
    return 'Microsoft Graph did not say whether the person is a member, so nothing can be compared.';
  const isMember = membership.outcome === 'yes';
  if (isMember === knownInScope)
    return isMember ? 'Graph and the log agree: in scope.' : 'Graph and the log agree: not in scope.';
  return isMember
    ? 'Graph says member, and the log does not know it yet: the next sync brings it.'
    : 'Graph says not a member, and the log does not know it yet: the next sync brings it, after a second read.';
};

/**
 * Asks Microsoft Graph and Learn Amp about one person now, step by step. Reads alone: nothing is appended and nothing is sent.
 * Whatever is refused or does not answer is a line, and the next question is asked all the same.
 */
export const askLive = async (
  connection: Connection,
  state: EngineState,
  { userId, signal }: { readonly userId: ObjectId; readonly signal: AbortSignal | undefined },
): Promise<LiveCheck> => {
  const { directory, preferences } = connection.options;
  const options: ReadOptions = { signal, priority: 'high', patienceMs: PATIENCE_MS };
  const asking: Asking = { connection, state, userId, options };
  const askedAt = connection.world.now().toISOString();
  const group = await graphStep('scope-group', directory.readGroup(scopeGroupOf(asking), options), groupWords);
  let profile: ProfileRead | undefined;
  const user = await graphStep('user', directory.readProfiles([userId], options), ([read]) => {
    profile = read;
    return userWords(read);
  });
  const membership = await membershipStep(asking);
  const where = user.outcome === 'no' ? await deletedStep(asking) : await directGroupsStep(asking);
  const person = state.person(userId);
  const facts =
    profile?._tag === 'Found'
      ? { userId, attributes: profile.user.attributes, accountEnabled: profile.user.accountEnabled ?? true }
      : person?.everInScope === true && !person.erased
        ? person
        : undefined;
  const email = facts === undefined ? undefined : desire(preferences, facts).email;
  const account = await accountStep(asking, email);
  return {
    askedAt,
    steps: [group, user, membership, where, account],
    comparison: compare(person?.inScope === true, group, membership),
  };
};
