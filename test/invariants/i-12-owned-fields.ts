import type { Write } from '@learnamp/directory-sync-simulator';
import { type Invariant, wrongIf, type Wrong } from './invariant.js';

const profile = ['email', 'firstName', 'lastName', 'jobTitle', 'department', 'location', 'language', 'hireDate'];
const ofUser = new Set([
  ...profile,
  ...['integrationExternalId', 'skipInvitation', 'primaryTeamId', 'managerId', 'customFields', 'reactivate', 'sendAt'],
]);

const calls: ReadonlyArray<readonly [method: string, path: RegExp, fields: ReadonlySet<string>]> = [
  ['POST', /^\/v1\/users$/, ofUser],
  ['PUT', /^\/v1\/users\/\d+$/, ofUser],
  ['PUT', /^\/v1\/users\/\d+\/(deactivate|reactivate)$/, new Set<string>()],
  ['POST', /^\/v1\/users\/\d+\/(invite|send_invitation|invitation)$/, new Set<string>()],
  ['POST', /^\/v1\/teams$/, new Set(['name', 'integrationExternalId'])],
  ['POST', /^\/v1\/teams\/\d+\/users$/, new Set(['userId', 'isPrimary', 'response'])],
];

const check = ({ method, path, body, sequence }: Write): ReadonlyArray<Wrong> => {
  const where = `write ${sequence}`;
  const call = calls.find(([verb, pattern]) => verb === method && pattern.test(path));
  if (call === undefined) return wrongIf(true, `${method} ${path} is none of the calls that the sync makes`, where);
  const foreign = Object.keys(body).filter((name) => !call[2].has(name.replace(/\[.*$/, '')));
  return [
    ...wrongIf(foreign.length > 0, `${method} ${path} writes ${foreign.join(', ')}`, where),
    ...wrongIf(
      path.endsWith('/users') && path !== '/v1/users' && !['true', true].includes(body['isPrimary'] as string),
      `${path} puts somebody in a team that is not their primary one`,
      where,
    ),
  ];
};

export const ownedFields: Invariant = {
  id: 'I-12',
  says: 'only owned fields are written: no role, no time zone, no secondary teams, no hierarchy',
  watch: () => ({ onLook: ({ writes }) => writes.flatMap(check) }),
};
