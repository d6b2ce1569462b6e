import type { LearnAmpFailure } from '@learnamp/directory-sync-domain';
import { permissionsFor, type GraphFailure } from '@learnamp/directory-sync-graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphError, learnAmpError, sentences } from './failure.js';

const graph = (failure: GraphFailure): string => graphError(failure).message;
const learnAmp = (failure: LearnAmpFailure): string => learnAmpError(failure).message;

describe('what a failure says', () => {
  it.each([
    [
      learnAmp({ _tag: 'LearnAmpUnreachable', detail: 'POST /v1/users answered 500.' }),
      'Learn Amp gave no usable answer: POST /v1/users answered 500. What was not delivered is delivered by the next sync.',
    ],
    [
      learnAmp({ _tag: 'LearnAmpProtocol', detail: 'GET /v1/users was answered with 404: check learnAmp.baseUrl.' }),
      'Learn Amp sent an answer that is not what its documentation promises: GET /v1/users was answered with 404: check learnAmp.baseUrl.',
    ],
    [
      learnAmp({ _tag: 'LearnAmpCredentials', detail: 'Learn Amp refused the token for GET /v1/users (401).' }),
      'Learn Amp refused the token for GET /v1/users (401).',
    ],
    [
      learnAmp({ _tag: 'LearnAmpCredentials', detail: 'the session has ended' }),
      'Learn Amp refused the credentials: the session has ended. Check learnAmp.auth and its scopes.',
    ],
    [
      learnAmp({ _tag: 'LearnAmpMissingScope', scope: 'users:create', detail: 'the session may only read' }),
      'Learn Amp does not allow this to the credentials: the session may only read. Give them the scope users:create.',
    ],
    [
      graph({ _tag: 'GraphUnreachable', detail: 'the connection failed (ECONNREFUSED)', requestId: 'r-1' }),
      'Microsoft Graph gave no usable answer: the connection failed (ECONNREFUSED) (request-id r-1). Nothing was lost; run the sync again.',
    ],
    [
      graph({
        _tag: 'GraphCredentials',
        code: 'AADSTS53003',
        detail: 'a policy of the tenant blocks the application',
        advice: 'Look at the sign-in logs',
      }),
      'Microsoft refused the sign-in (AADSTS53003): a policy of the tenant blocks the application. Look at the sign-in logs.',
    ],
    [
      graph({
        _tag: 'GraphCredentials',
        code: 'InvalidAuthenticationToken',
        detail: 'Microsoft Graph refused the access token',
      }),
      'Microsoft Graph refused the access token (InvalidAuthenticationToken). Check that graph.baseUrl is the Microsoft Graph of graph.cloud, and that the application was not disabled or removed in the tenant.',
    ],
    [
      graph({
        _tag: 'GraphForbidden',
        code: 'Authorization_RequestDenied',
        requestId: 'r-3',
        resource: 'groups/delta',
        needs: permissionsFor('groups/delta'),
      }),
      'Microsoft Graph refused to show groups/delta (Authorization_RequestDenied) (request-id r-3): grant GroupMember.Read.All to the app and consent again. Nobody was changed.',
    ],
    [
      graph({ _tag: 'GraphProtocol', detail: 'users/delta is no page.', requestId: 'r-2' }),
      'Microsoft Graph sent an answer that is not what its documentation promises: users/delta is no page (request-id r-2). The round was not used.',
    ],
  ])('is one text of whole sentences: %s', (said, expected) => {
    expect(said).toBe(expected);
  });

  it('speaks of the token where a fixed one is used, and of no tenant, client or secret', () => {
    const detail = 'Microsoft Graph refused the access token';
    expect(graph({ _tag: 'GraphCredentials', code: 'InvalidAuthenticationToken', detail, auth: 'token' })).toBe(
      'Microsoft Graph refused the access token (InvalidAuthenticationToken). Give a new one in graph.auth.token.',
    );
  });
});

describe('sentences', () => {
  it('end with one full stop each, however their parts ended', () => {
    const part = fc.stringMatching(/^[A-Za-z][a-z (),]{0,20}[a-z)]$/);
    const ending = fc.constantFrom('', '.', '..', ' .', '. ', '...');
    fc.assert(
      fc.property(fc.array(fc.tuple(part, ending), { minLength: 1, maxLength: 4 }), (parts) => {
        const text = sentences(...parts.map(([words, end]) => words + end));
        expect(text).toBe(parts.map(([words]) => `${words}.`).join(' '));
      }),
    );
  });

  it('leave out what is empty, and keep a question a question', () => {
    expect(sentences('', ' ', 'Did you mean x?', 'No')).toBe('Did you mean x? No.');
  });
});
