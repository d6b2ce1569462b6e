import { expect, test } from 'vitest';
import { makeEvent, objectId } from '../testing/fake-connection.js';
import { eventLine } from './event-line.js';

test.each([
  [
    'CommandsDispatched',
    { plannerVersion: 1, items: [{ kind: 'CreateUser' }, { kind: 'CreateUser' }] },
    'plannerVersion=1 items=(2)',
  ],
  ['CommandsHeld', { reason: 'count', userIds: ['a', 'b', 'c', 'd', 'e'] }, 'reason=count userIds=a,b,c,+2'],
  ['CustomAttributeChanged', { attribute: 'employeeId', from: null, to: '7' }, 'employeeId: - -> 7'],
  ['CommandRejected', { command: { kind: 'CreateUser' }, code: 'validation' }, 'CreateUser validation'],
  ['UserDeleted', { userId: objectId(1), reason: 'soft' }, `${objectId(1)}  reason=soft`],
  ['SomethingNew', 'text', 'text'],
])('%s says what it is about', (type, data, expected) => {
  expect(eventLine(makeEvent(3, type, data), undefined)).toBe(
    `     3  2026-01-01T00:00:00.000Z  ${type.padEnd(24)}  ${expected}`,
  );
});

test('a line is as wide as the terminal at most', () => {
  expect(eventLine(makeEvent(3, 'UserDeleted', { reason: 'x'.repeat(300) }), 80)).toHaveLength(80);
});
