import { expect, it } from 'vitest';
import { failureOf } from './graph-error.js';

const denied = {
  status: 403,
  headers: new Headers(),
  text: '',
  json: { error: { code: 'Authorization_RequestDenied' } },
};

it.each([
  ['users/delta', ['User.Read.All']],
  ['users/$count', ['User.Read.All']],
  ['users/{id}', ['User.Read.All']],
  ['users', ['User.Read.All']],
  ['directory/deletedItems/{id}', ['User.Read.All']],
  ['groups/delta', ['GroupMember.Read.All']],
  ['groups/{id}', ['GroupMember.Read.All']],
  ['groups/{id}/transitiveMembers', ['GroupMember.Read.All']],
  ['users/{id}/memberOf', ['User.Read.All', 'GroupMember.Read.All']],
  ['users/{id}/photo/$value', ['ProfilePhoto.Read.All']],
  ['subscriptions', ['User.Read.All', 'Group.Read.All']],
  ['subscriptions/{id}', ['User.Read.All', 'Group.Read.All']],
  ['$batch', ['User.Read.All', 'GroupMember.Read.All']],
])('a refusal of %s names the least permission that it takes', (what, needs) => {
  expect(failureOf(denied, what)).toMatchObject({ _tag: 'GraphForbidden', resource: what, needs });
});
