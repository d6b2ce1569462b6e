import type {
  AppendFailure,
  DecodeFailure,
  KeyStoreFailure,
  ReadFailure,
} from '@learnamp/directory-sync-event-sourcing';
import type { GraphFailure, GraphPermission } from '@learnamp/directory-sync-graph';
import type { LearnAmpFailure } from '@learnamp/directory-sync-domain';
import type { ErrorCode } from './directory-sync.js';
import { DirectorySyncError } from './directory-sync.js';

/** One text of sentences: each ends with one full stop, however its part ended. */
export const sentences = (...parts: ReadonlyArray<string>): string =>
  parts
    .map((part) => part.trim().replace(/[.\s]+$/, ''))
    .filter((part) => part !== '')
    .map((part) => (/[?!]$/.test(part) ? part : `${part}.`))
    .join(' ');

/** A part that goes on behind it. */
const unended = (part: string): string => part.trim().replace(/[.\s]+$/, '');

const fail = (code: ErrorCode, message: string, cause?: unknown): DirectorySyncError =>
  new DirectorySyncError(code, message, { cause });

const request = (requestId: string | undefined): string =>
  requestId === undefined ? '' : ` (request-id ${requestId})`;

/** What to do depends on what was refused: the sign-in says so itself where it is known. */
const refusedSignIn = ({
  auth,
  code,
  detail,
  advice,
}: Extract<GraphFailure, { readonly _tag: 'GraphCredentials' }>): string => {
  if (auth === 'token') return sentences(`${unended(detail)} (${code})`, 'Give a new one in graph.auth.token');
  if (auth === 'credential')
    return sentences(`The sign-in to Microsoft was not tried: ${unended(detail)}`, advice ?? '');
  // A token that was signed in for and is refused all the same.
  if (advice === undefined)
    return sentences(
      `${unended(detail)} (${code})`,
      'Check that graph.baseUrl is the Microsoft Graph of graph.cloud, and that the application was not disabled or removed in the tenant',
    );
  return sentences(`Microsoft refused the sign-in (${code}): ${unended(detail)}`, advice);
};

/** Photos are shown by the wider permission as well, which everything else takes. */
const named = (permission: GraphPermission): string =>
  permission === 'ProfilePhoto.Read.All' ? 'ProfilePhoto.Read.All (or User.Read.All, which covers it)' : permission;

/** What to grant, and that it has to be consented to. */
export const grant = (needs: ReadonlyArray<GraphPermission> | undefined): string =>
  `grant ${(needs ?? ['User.Read.All', 'GroupMember.Read.All']).map(named).join(' and ')} to the app and consent again`;

/** One sentence for each way Graph can fail, and what to do. Names no person. */
export const graphError = (failure: GraphFailure): DirectorySyncError => {
  switch (failure._tag) {
    case 'GraphUnreachable':
      return fail(
        'graph-unreachable',
        sentences(
          `Microsoft Graph gave no usable answer: ${unended(failure.detail)}${request(failure.requestId)}`,
          'Nothing was lost; run the sync again',
        ),
        failure,
      );
    case 'GraphCredentials':
      return fail('graph-credentials', refusedSignIn(failure), failure);
    case 'GraphForbidden':
      return fail(
        'graph-credentials',
        `Microsoft Graph refused to show ${failure.resource ?? 'what the sync needs'} (${failure.code})${request(failure.requestId)}: ${grant(failure.needs)}. Nobody was changed.`,
        failure,
      );
    case 'GraphNotFound':
      return fail(
        'graph-protocol',
        `Microsoft Graph does not know the resource that was asked for (${failure.code})${request(failure.requestId)}.`,
        failure,
      );
    case 'GraphProtocol':
      return fail(
        'graph-protocol',
        sentences(
          `Microsoft Graph sent an answer that is not what its documentation promises: ${unended(failure.detail)}${request(failure.requestId)}`,
          'The round was not used',
        ),
        failure,
      );
    case 'UnsafeLink':
      return fail(
        'unsafe-link',
        `A link in an answer does not lead on within the configured Microsoft Graph (host ${failure.host}); it was not followed and no token was sent. Check graph.baseUrl and any proxy.`,
        failure,
      );
    case 'GraphThrottled':
      return fail(
        'throttled',
        `Microsoft Graph asks to wait until ${failure.retryAt}; run the sync again after that.`,
        failure,
      );
    case 'ResyncRequired':
      return fail(
        'graph-protocol',
        sentences(`Microsoft Graph asks for a fresh start again and again: ${failure.reason}`),
        failure,
      );
    case 'PageExpired':
      return fail(
        'graph-protocol',
        `Microsoft Graph refused the page token twice (${failure.code}); run the sync again.`,
        failure,
      );
    case 'GraphAborted':
      return fail('stopped', 'The sync was stopped; the next one continues where it ended.', failure);
  }
};

/** The host of the link that was refused, where that is what went wrong. */
export const refusedHost = ({ code, cause }: DirectorySyncError): string | undefined =>
  code === 'unsafe-link' &&
  typeof cause === 'object' &&
  cause !== null &&
  'host' in cause &&
  typeof cause.host === 'string'
    ? cause.host
    : undefined;

export const learnAmpError = (failure: LearnAmpFailure): DirectorySyncError => {
  switch (failure._tag) {
    case 'LearnAmpUnreachable':
      return fail(
        'learn-amp-unreachable',
        sentences(
          `Learn Amp gave no usable answer: ${failure.detail}`,
          'What was not delivered is delivered by the next sync',
        ),
        failure,
      );
    case 'LearnAmpCredentials':
      return fail(
        'learn-amp-credentials',
        // The REST client's own sentence says whose they are and what to check.
        failure.detail.startsWith('Learn Amp ')
          ? sentences(failure.detail)
          : sentences(`Learn Amp refused the credentials: ${failure.detail}`, 'Check learnAmp.auth and its scopes'),
        failure,
      );
    case 'LearnAmpMissingScope':
      return fail(
        'learn-amp-credentials',
        failure.detail.startsWith('Learn Amp ')
          ? sentences(failure.detail)
          : sentences(
              `Learn Amp does not allow this to the credentials: ${failure.detail}`,
              `Give them the scope ${failure.scope}`,
            ),
        failure,
      );
    case 'LearnAmpThrottled':
      return fail(
        'throttled',
        `Learn Amp asks to wait until ${failure.retryAt}; run the sync again after that.`,
        failure,
      );
    case 'LearnAmpProtocol':
      return fail(
        'learn-amp-unreachable',
        sentences(`Learn Amp sent an answer that is not what its documentation promises: ${failure.detail}`),
        failure,
      );
    case 'LearnAmpAborted':
      return fail('stopped', 'The sync was stopped; the next one continues where it ended.', failure);
  }
};

export const logError = (failure: AppendFailure | ReadFailure | KeyStoreFailure): DirectorySyncError => {
  switch (failure._tag) {
    case 'RevisionConflict':
      return fail('fenced', 'Another engine is writing to this log; this one stopped.', failure);
    case 'BatchTooLarge':
      return fail('log-unavailable', `The event log refused an append larger than ${failure.limit}.`, failure);
    case 'LogUnavailable':
      return fail(
        'log-unavailable',
        'The event log could not be read or written: check the file, its permissions and the free space; or that EventStoreDB answers and takes the login.',
        failure.cause,
      );
    case 'KeyStoreUnavailable':
      return fail(
        'log-unavailable',
        'The key store could not be read or written: check the file and its permissions.',
        failure.cause,
      );
  }
};

/** What nobody foresaw, such as a fault in what the host implements: its text may name people, so its kind alone is told. */
export const unforeseenError = (cause: unknown): DirectorySyncError =>
  cause instanceof DirectorySyncError
    ? cause
    : fail(
        'log-unavailable',
        `Something that was not foreseen ended the cycle (${cause instanceof Error ? cause.name : typeof cause}); it is tried again.`,
        cause,
      );

export const decodeError = (failure: DecodeFailure): DirectorySyncError => {
  const at = `revision ${failure.record.revision}`;
  switch (failure._tag) {
    case 'KeyMissing':
      return fail(
        'key-store-mismatch',
        `The key store does not belong to this log: it lacks the key of ${at}. Restore the key store that was backed up with the log.`,
        failure,
      );
    case 'UnknownEventType':
      return fail(
        'unknown-event',
        `The log holds an event of a type this version does not know (${failure.record.type}, ${at}): install the version that wrote it.`,
        failure,
      );
    case 'FutureSchemaVersion':
      return fail(
        'unknown-event',
        `The log holds a newer form of ${failure.record.type} at ${at} (${failure.record.schemaVersion}, this version knows ${failure.known}): install the version that wrote it.`,
        failure,
      );
    case 'InvalidData':
      return fail(
        'unknown-event',
        sentences(`The data of ${failure.record.type} at ${at} does not decode: ${failure.errors[0] ?? ''}`),
        failure,
      );
    case 'BrokenSeal':
      return fail('log-unavailable', `The sealed data at ${at} was changed or its key is wrong.`, failure);
    case 'BrokenChain':
      return fail(
        'log-unavailable',
        `The chain of the log is broken at ${at}: a record was changed, removed or reordered.`,
        failure,
      );
  }
};
