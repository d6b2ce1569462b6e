import { describe, expect, it } from 'vitest';
import { directoryEvents } from '../events/directory-events.js';
import { group, person } from '../testing/made-ids.js';
import { seen, tracked, wholeProfile } from '../testing/made-observations.js';
import { joinScope } from './join.js';

const [ann, boss] = [person(1), person(2)];
const profile = wholeProfile('Ann');
const path = [group(0), group(3)];

describe('somebody who enters the scope', () => {
  it('brings the whole profile, the manager and the way: what was selected, and nothing else', () => {
    const read = seen(
      ann,
      { ...profile, mobilePhone: '1', employeeId: '7' },
      { complete: true, accountEnabled: false, manager: { _tag: 'Known', managerId: boss } },
    );
    expect(joinScope(read, tracked, path)).toEqual({
      type: 'UserJoinedGroup',
      data: {
        userId: ann,
        attributes: { ...profile, employeeId: '7', 'onPremisesExtensionAttributes.extensionAttribute1': null },
        accountEnabled: false,
        managerId: boss,
        path,
      },
    });
  });

  it.each([
    [{ _tag: 'Entries', assigned: boss, removed: [] } as const, boss],
    [{ _tag: 'Entries', assigned: undefined, removed: [boss] } as const, null],
    [{ _tag: 'NotMentioned' } as const, null],
  ])('has the manager that was said: %o', (manager, managerId) => {
    expect(joinScope(seen(ann, profile, { complete: true, manager }), tracked, path)).toMatchObject({
      data: { managerId },
    });
  });

  it.each([
    ['not everything was asked for', seen(ann, profile)],
    ['it shows no name', seen(ann, { ...profile, userPrincipalName: null }, { complete: true })],
    ['it is only an id', seen(ann, {}, { complete: true })],
    [
      'it shows a deleted account',
      seen(ann, { ...profile, userPrincipalName: `${ann.replaceAll('-', '')}ann@contoso.com` }, { complete: true }),
    ],
  ])('is asked for again when %s (FC-08, FC-21)', (_, read) => {
    expect(joinScope(read, tracked, path)).toBeUndefined();
  });

  it('has no manager where none is named, and is not blocked where nothing says so', () => {
    const read = seen(ann, profile, { complete: true, manager: { _tag: 'Known', managerId: null } });
    expect(joinScope(read, tracked, path)).toMatchObject({ data: { managerId: null, accountEnabled: true } });
  });

  it('brings the whole way as long as it is no longer than both ends that are kept', () => {
    const way = Array.from({ length: 64 }, (_, at) => group(at));
    const event = joinScope(seen(ann, profile, { complete: true }), tracked, way);
    expect(event).toMatchObject({ data: { path: way } });
  });

  it('by a chain of thousands of groups still fits into one event, both ends of the way in it', () => {
    const long = Array.from({ length: 10_000 }, (_, at) => group(at));
    const event = joinScope(seen(ann, profile, { complete: true }), tracked, long);
    const way = event?.type === 'UserJoinedGroup' ? event.data.path : [];
    expect([way[0], way.at(-1)]).toEqual([group(0), group(9_999)]);
    expect(JSON.stringify(event).length).toBeLessThan(64 * 1024);
    expect(directoryEvents.find(({ type }) => type === event?.type)?.data.is(event?.data as never)).toBe(true);
  });
});
