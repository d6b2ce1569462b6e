import { expect, it } from 'vitest';
import { openIntake } from '../../support/intake.js';

const handshake = (token: string): string => `?${new URLSearchParams({ validationToken: token }).toString()}`;

it('FC-36: the handshake gives back the token as plain text, and leaves no trace', async () => {
  const intake = await openIntake();
  const before = await intake.written();
  const hostile = [
    'Validation: Testing client application reachability for subscription Request-Id: 1',
    '<script>alert(1)</script>',
    'a\r\nSet-Cookie: a=b\r\n\r\n<html>',
    'nul\0nul',
    '%2B %252B + %00',
    'ü 驗 👩‍👩‍👧‍👦',
    'x'.repeat(2_048),
  ];
  for (const token of hostile) {
    const answer = await intake.send(handshake(token), '');
    expect([answer.status, answer.body]).toEqual([200, token]);
    expect(answer.headers.toLowerCase()).toContain('content-type text/plain; charset=utf-8');
    expect(answer.headers.toLowerCase()).toContain('x-content-type-options nosniff');
    expect(answer.headers.toLowerCase()).not.toContain('set-cookie');
  }
  for (const query of [
    '?validationToken=',
    '?validationToken=%zz',
    '?validationToken=%ff',
    handshake('x'.repeat(2_049)),
  ]) {
    expect(await intake.send(query, '')).toMatchObject({ status: 400, body: '' });
  }
  expect(await intake.written()).toEqual(before);
  expect(intake.counters()).toMatchObject({ validations: hostile.length, received: 0, refused: { token: 4 } });
});

it('FC-36: a handshake is never taken for a notification, whatever body it carries', async () => {
  const intake = await openIntake();
  const before = await intake.written();
  expect(await intake.send('?validationToken=a', '{"value":[{}]}')).toMatchObject({ status: 200, body: 'a' });
  expect(await intake.written()).toEqual(before);
});
