import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { refusalBy, signInRefusals } from './sign-in-refusals.js';
import { readTokenAnswer } from './token-answer.js';

/** The endpoint repeats what it was sent, the secret included. */
const echo = 'the-secret-that-was-sent';
const answered = (code: number, status = 401, error = 'invalid_client') =>
  readTokenAnswer(
    {
      status,
      headers: new Headers(),
      text: JSON.stringify({
        error,
        error_description: `AADSTS${String(code)}: Something about '${echo}'. Trace ID: 1`,
        error_codes: [code],
      }),
      detail: '',
    },
    0,
  );

const refusal = (code: number, status?: number) => {
  const answer = answered(code, status);
  if (answer._tag !== 'Problem' || answer.problem._tag !== 'Settled') throw new Error('not refused');
  const { result } = answer.problem;
  if (E.isRight(result) || result.left._tag !== 'GraphCredentials') throw new Error('no refusal of credentials');
  return result.left;
};

describe('what a refused sign-in says', () => {
  it.each([
    [7000215, /secret is wrong/, /value of the secret, not its ID/],
    [7000222, /secret has expired/, /new one/],
    [700016, /not known in this tenant/, /clientId.*tenantId/],
    [7000229, /service principal/, /consent/],
    [7000112, /disabled/, /enable/],
    [90002, /tenant does not exist/, /tenantId.*graph\.cloud/],
    [900023, /neither a GUID nor a domain/, /tenantId/],
    [50194, /one tenant/, /tenantId/],
    [65001, /not consented/, /grant admin consent/],
    [500011, /not known in this tenant/, /graph\.cloud/],
    [50034, /account does not exist/, /tenantId/],
    [53003, /policy/, /sign-in logs/],
    [700027, /certificate is not registered/, /Upload the public part/],
    [1000502, /certificate is not within the time/, /clock/],
    [700024, /not within the time/, /clock/],
    [70021, /no federated credential/, /issuer, subject and audience/],
    [700211, /issuer/, /issuer/],
    [700212, /audience/, /audience/],
    [700213, /subject/, /subject/],
    [900432, /another cloud/, /graph\.cloud/],
  ])('AADSTS%d is told apart, with what to do', (code, says, todo) => {
    const { detail, advice } = refusal(code);
    expect(detail).toMatch(says);
    expect(advice).toMatch(todo);
  });

  it('does not send anybody to look at a secret that is in order', () => {
    const about = Object.entries(signInRefusals).filter(([, { todo }]) => todo.includes('graph.auth.clientSecret'));
    expect(about.map(([code]) => code).sort()).toEqual(['AADSTS7000215', 'AADSTS7000222']);
  });

  it.each(Object.entries(signInRefusals))('%s is whole sentences, and repeats nothing that was sent', (code, known) => {
    expect(known.says).toMatch(/^(Microsoft Graph|[a-z]).*[a-z)]$/);
    expect(known.todo).toMatch(/^[A-Z].*[^.]$/);
    expect(JSON.stringify(answered(Number(code.slice('AADSTS'.length))))).not.toContain(echo);
  });

  it.each([90033, 90006, 90012, 90024, 90055, 90090])('AADSTS%d is tried again, not reported as refused', (code) => {
    expect(answered(code, 400, 'invalid_request')).toMatchObject({ _tag: 'Problem', problem: { _tag: 'Again' } });
  });

  it('another number is looked up, another error is about the way there', () => {
    expect(refusal(9_999_999).advice).toContain('https://login.microsoftonline.com/error?code=9999999');
    expect(refusalBy('constructor')).toBeUndefined();
    expect(refusalBy('__proto__')).toBeUndefined();
  });
});
