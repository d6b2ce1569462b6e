import type { LocalCache } from '@learnamp/directory-sync-event-sourcing';
import {
  adminConsentAddress,
  readConsentAnswer,
  verifyTenant,
  type ConsentAnswer,
  type ConsentApplication,
  type GraphPermission,
  type GraphTransportSettings,
  type GraphWorld,
} from '@learnamp/directory-sync-graph';
import * as E from 'fp-ts/lib/Either.js';
import { DirectorySyncError } from '../directory-sync-error.js';
import { graphError } from '../failure.js';
import { openGraphTenant } from '../open-graph-tenant.js';
import type { SyncEngine } from '../schedule/sync-engine.js';
import { makeConsentStates, type ConsentBinding } from './consent-states.js';

/** Long enough for an administrator with a second factor, and for a link that is sent on. */
const VALID_FOR_MS = 3_600_000;
const LONGEST_SESSION = 4_096;

type Common = ConsentApplication & {
  /**
   * What only the caller's session has, such as its id: an answer is taken from the session that began alone. Kept nowhere, not
   * even hashed by itself.
   */
  readonly session: string;
  /** Where the one-time state is kept until it is used, such as `stores.cache`; the same one for both calls. */
  readonly cache: LocalCache;
  readonly world?: Partial<GraphWorld> | undefined;
};

/** The beginning of a consent. The state is random, kept as a hash with a MAC over the session, and taken once. */
export type AdminConsentRequest = Common & {
  /** Milliseconds until the answer comes too late. Default one hour. */
  readonly validForMs?: number | undefined;
};

/** The answer of a consent, and what it is checked with: the state that was begun, and a sign-in. */
export type AdminConsentCompletion = Common & {
  /** The address that the browser was led back to, or its query. */
  readonly answer: string | URL | URLSearchParams;
  /** How the app signs in, as for a connection: the tenant is verified by it. */
  readonly graph: Omit<GraphTransportSettings, 'tenantId'>;
  /** The engine that runs, whose token is dropped then: it sees what was granted at once. */
  readonly engine?: Pick<SyncEngine, 'forgetToken'> | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** An administrator of this tenant consented, and the app can sign in there. */
export type AdminConsent = {
  readonly tenantId: string;
  /** Application permissions that a new token carries. `undefined`: the token does not say. */
  readonly permissions: ReadonlyArray<string> | undefined;
  /** Of the two that every sync needs, those that the token lacks; a consent may take some minutes to arrive. */
  readonly missing: ReadonlyArray<GraphPermission>;
};

const bindingOf = ({ session, tenantId, clientId, redirectUri }: Common): ConsentBinding => {
  if (session === '' || session.length > LONGEST_SESSION)
    throw new TypeError(`session must be a text of 1 to ${LONGEST_SESSION} characters.`);
  // As a browser spells it: it adds the slash behind a host.
  const address = URL.canParse(redirectUri) ? new URL(redirectUri).href : redirectUri;
  return { session, tenantId, clientId, redirectUri: address };
};

const refuse = (message: string): never => {
  throw new DirectorySyncError('consent-answer', message);
};

const beginAgain = 'Begin the consent again.';

const nowOf = ({ world }: Common): (() => Date) => world?.now ?? (() => new Date());

/**
 * Where to send an administrator of the tenant, to consent to what the app registration lists. The address holds a one-time
 * state that is bound to the session. Needs no connection: only the tenant, the app and the registered redirect address.
 *
 * @example
 * response.redirect(await adminConsentUrl({ tenantId, clientId, redirectUri, session: request.session.id, cache }));
 */
export const adminConsentUrl = async (request: AdminConsentRequest): Promise<string> => {
  const binding = bindingOf(request);
  // What cannot be an address is told before anything is kept.
  adminConsentAddress(request, '');
  const states = makeConsentStates(request.cache, nowOf(request));
  return adminConsentAddress(request, await states.begin(binding, request.validForMs ?? VALID_FOR_MS));
};

/** The error first: it may come beside a consent. Its state is used up where it is the caller's. */
const judged = async (
  answer: ConsentAnswer,
  request: AdminConsentCompletion,
): Promise<Extract<ConsentAnswer, { readonly _tag: 'Consented' }>> => {
  const states = makeConsentStates(request.cache, nowOf(request));
  const binding = bindingOf(request);
  if (answer._tag === 'Declined') {
    if (answer.state !== undefined) await states.take(answer.state, binding);
    throw new DirectorySyncError('declined', `There is no consent (${answer.code}): ${answer.says}. ${beginAgain}`);
  }
  if (answer._tag === 'Malformed') return refuse(`The answer of the consent ${answer.because}. ${beginAgain}`);
  const taken = await states.take(answer.state, binding);
  if (taken === 'expired') return refuse(`The answer of the consent came too late. ${beginAgain}`);
  if (taken === 'unknown')
    return refuse(
      `The answer of the consent belongs to no consent that was begun in this session for this tenant, app and address, or was used before. ${beginAgain}`,
    );
  return answer;
};

const needed: ReadonlyArray<GraphPermission> = ['User.Read.All', 'GroupMember.Read.All'];

const otherTenant = (): never => {
  throw new DirectorySyncError(
    'wrong-tenant',
    'tenantId: The consent was given in another tenant than the configured one. Sign in as an administrator of this tenant, and begin the consent again.',
  );
};

/**
 * Takes the answer of a consent that this session began: the error is tested first, then the one-time state, and the tenant is
 * verified by signing in to it, never by what the answer says. Rejects with `declined` where there is no consent,
 * `consent-answer` where the answer is not one that was asked for here, `wrong-tenant`, or what kept the sign-in from success.
 *
 * @example
 * const { missing } = await completeAdminConsent({ ...application, session: request.session.id, cache, graph, answer: request.url });
 */
export const completeAdminConsent = async (request: AdminConsentCompletion): Promise<AdminConsent> => {
  const { tenantId, clientId, graph, engine, signal, world } = request;
  if (graph.auth.kind !== 'token' && graph.auth.clientId.toLowerCase() !== clientId.toLowerCase())
    throw new TypeError('clientId must be the one in graph.auth.');
  const answer = await judged(readConsentAnswer(request.answer), request);
  if (answer.namedTenant !== undefined && answer.namedTenant !== tenantId.toLowerCase()) return otherTenant();
  const tenant = await openGraphTenant({ ...graph, tenantId }, { world });
  try {
    const verified = await verifyTenant(tenant.transport, tenantId, { signal, priority: 'high' });
    if (E.isLeft(verified)) throw graphError(verified.left);
    if (verified.right._tag === 'OtherTenant') return otherTenant();
    engine?.forgetToken(tenantId);
    const { roles } = verified.right;
    return {
      tenantId,
      permissions: roles,
      missing: roles === undefined ? [] : needed.filter((each) => !roles.includes(each)),
    };
  } finally {
    await tenant.close();
  }
};
