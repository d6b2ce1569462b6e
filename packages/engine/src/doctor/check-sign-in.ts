import {
  credentialExpiry,
  discoverTenant,
  type TenantDiscovered,
  type TokenClaims,
} from '@learnamp/directory-sync-graph';
import * as E from 'fp-ts/lib/Either.js';
import { graphError } from '../failure.js';
import { counted, failed, note, ok, skipped, type DoctorCheck } from './doctor-check.js';
import type { Asked } from './doctor-options.js';

/** An assertion that is signed with a certificate is refused beyond this. */
const TOO_FAR_MS = 5 * 60_000;
const WORTH_TELLING_MS = 60_000;
const DAY = 24 * 3_600_000;

const clock = ({ clockAheadMs, found }: TenantDiscovered): DoctorCheck => {
  if (clockAheadMs === undefined)
    return found === 'unreachable' ? skipped('clock') : note('clock', 'The sign-in did not say what time it is.');
  const seconds = Math.round(Math.abs(clockAheadMs) / 1000);
  const off = `The clock of this machine is ${counted(seconds, 'second', 'seconds')} ${clockAheadMs > 0 ? 'ahead' : 'behind'}`;
  if (Math.abs(clockAheadMs) > TOO_FAR_MS)
    return failed('clock', `${off}: set it right (NTP), since sign-ins and expiry times go by it.`);
  return Math.abs(clockAheadMs) > WORTH_TELLING_MS
    ? note('clock', `${off}: it should be kept by NTP; from five minutes on sign-ins are refused.`)
    : ok('clock', 'The clock of this machine is right.');
};

const tenant = (discovered: TenantDiscovered, tenantId: string): DoctorCheck => {
  switch (discovered.found) {
    case 'yes':
      return ok('tenant', `The tenant ${tenantId} is there.`);
    case 'no':
      return failed(
        'tenant',
        `Microsoft knows no tenant ${tenantId} in this cloud (${discovered.detail}): check tenantId and graph.cloud.`,
      );
    case 'not-said':
      return note(
        'tenant',
        `The sign-in did not say whether the tenant is there (${discovered.detail}); signing in tells.`,
      );
    case 'unreachable':
      return failed(
        'tenant',
        `Microsoft’s sign-in cannot be reached: ${discovered.detail}. Check graph.auth.authority, the network and any proxy.`,
      );
  }
};

const credentialName = ({ options: { graph } }: Asked): string => {
  switch (graph.auth.kind) {
    case 'client-secret':
      return `the client secret of the app ${graph.auth.clientId}`;
    case 'certificate':
      return `the certificate of the app ${graph.auth.clientId}`;
    case 'federated':
      return `the federated credential of the app ${graph.auth.clientId}`;
    case 'token':
      return 'a fixed token';
  }
};

const expiryOf = async ({ options: { graph }, world }: Asked): Promise<DoctorCheck> => {
  const expiresAt = await credentialExpiry(graph.auth);
  if (expiresAt === undefined)
    return graph.auth.kind === 'client-secret'
      ? note(
          'credential',
          'Nobody here knows when the client secret ends: say it in graph.auth.expiresAt, and alarms come 30, 7 and 1 days before.',
        )
      : ok('credential', 'The credential has no end that is known here.');
  const days = Math.floor((expiresAt.getTime() - world.now().getTime()) / DAY);
  const day = expiresAt.toISOString().slice(0, 10);
  if (days < 0)
    return failed(
      'credential',
      `The credential ended on ${day}: create a new one in the app registration and configure it.`,
    );
  return days <= 30
    ? note(
        'credential',
        `The credential ends on ${day}, in ${counted(days, 'day', 'days')}: create the next one now; both work side by side.`,
      )
    : ok('credential', `The credential ends on ${day}.`);
};

const signIn = async (asked: Asked): Promise<readonly [DoctorCheck, TokenClaims | undefined]> => {
  const { probes, options, signal } = asked;
  const answer = await probes.signIn({ signal, priority: 'high' });
  if (E.isLeft(answer)) return [failed('sign-in', graphError(answer.left).message), undefined];
  const { tenantId: named } = answer.right;
  return named !== undefined && named !== options.tenantId
    ? [
        failed(
          'sign-in',
          `The token is for the tenant ${named} and not for ${options.tenantId}: check tenantId and graph.auth.`,
        ),
        undefined,
      ]
    : [ok('sign-in', `Microsoft takes ${credentialName(asked)}.`), answer.right];
};

const graph = async ({ probes, options, signal }: Asked): Promise<DoctorCheck> => {
  const answer = await probes.organization({ signal, priority: 'high' });
  if (E.isLeft(answer)) return failed('graph', graphError(answer.left).message);
  return answer.right !== undefined && answer.right !== options.tenantId
    ? failed(
        'graph',
        `Microsoft Graph shows the tenant ${answer.right} and not ${options.tenantId}: check tenantId and graph.baseUrl.`,
      )
    : ok('graph', 'Microsoft Graph takes the token.');
};

/** Clock, tenant, sign-in, credential, and whether Graph takes the token. Returns what the token says, or `undefined`: no more of Graph can be asked. */
export async function* checkSignIn(asked: Asked): AsyncGenerator<DoctorCheck, TokenClaims | undefined> {
  const { options, world, signal } = asked;
  const { auth, cloud } = options.graph;
  if (auth.kind === 'token') {
    yield ok('clock', 'A fixed token is used: no sign-in is asked what time it is.');
    yield ok('tenant', 'A fixed token is used: no sign-in is asked for the tenant.');
  } else {
    const place = { tenantId: options.tenantId, cloud, authority: auth.authority };
    const discovered = await discoverTenant(place, world, signal);
    yield clock(discovered);
    yield tenant(discovered, options.tenantId);
  }
  const [signedIn, claims] = await signIn(asked);
  yield signedIn;
  yield await expiryOf(asked);
  if (claims === undefined) {
    yield skipped('graph');
    return undefined;
  }
  const takes = await graph(asked);
  yield takes;
  return takes.result === 'ok' ? claims : undefined;
}
