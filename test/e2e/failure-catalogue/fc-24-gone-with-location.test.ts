import { expect, it } from 'vitest';
import { facts, succeeded } from '../../support/report.js';
import { calm, openStage, type Stage } from '../../support/stage.js';

type Resource = 'users' | 'groups';

/** The next request of the resource by a delta link is answered with 410 and this `Location`. */
const gone = (stage: Stage, resource: Resource, location: string, code = 'UnknownError') =>
  stage.simulator.faults.add({
    system: 'graph',
    path: new RegExp(`/${resource}/.*delta`),
    match: ({ query }) => [...query].some(([name, value]) => /token$/i.test(name) && value !== 'latest'),
    times: 1,
    action: { status: 410, headers: { location }, body: { error: { code, message: '' } } },
  });

const reasons = async (stage: Stage) =>
  (await stage.events('ResyncRequired')).map(({ data }) => (data as { readonly reason: string }).reason);

it.each(['gone', 'gone-empty', 'resyncRequired'] as const)(
  'FC-24 410 with the Location of a fresh start costs a full read and finds exactly the differences (%s)',
  async (expiry) => {
    const stage = await openStage({ graph: calm });
    const [ann = '', bea = '', ...others] = stage.crew(8, { jobTitle: 'Engineer' });
    await stage.sync();
    const { cursors } = await stage.engine().status();
    stage.newWrites();
    stage.simulator.expireDeltaTokens(expiry);
    stage.directory.updateUser(ann, { jobTitle: 'Architect' });
    stage.leave(bea);
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 7, linked: 7 } });
    expect(facts(report)).toMatchObject({ ResyncRequired: cursors.length, JobTitleChanged: 1, UserLeftGroup: 1 });
    const reason = { gone: 'syncStateNotFound', 'gone-empty': 'gone', resyncRequired: 'resyncRequired' }[expiry];
    expect(new Set(await reasons(stage))).toEqual(new Set([reason]));
    expect(succeeded(report)).toEqual({ UpdateProfile: 1, DeactivateUser: 1 });
    for (const id of others) expect(stage.account(id).status).toBe('not_invited');
    expect((await stage.sync()).events).toEqual({});
  },
);

const locations = {
  absolute: (stage: Stage, resource: Resource) => `${stage.simulator.graphUrl}/${resource}/delta?$deltatoken=`,
  'relative to the host': (_: Stage, resource: Resource) => `/v1.0/${resource}/delta?$deltatoken=`,
  'of another group': (stage: Stage, resource: Resource) =>
    `${stage.simulator.graphUrl}/${resource}/delta?$select=id&$filter=${encodeURIComponent("id eq '5f1c0b2a-0000-4000-8000-00000000ffff'")}`,
};

it.each(
  (['users', 'groups'] as const).flatMap((resource) =>
    (Object.keys(locations) as ReadonlyArray<keyof typeof locations>).map((how) => [resource, how] as const),
  ),
)(
  'FC-24 whatever %s/delta names as Location (%s), what is read and followed is our own query',
  async (resource, how) => {
    const stage = await openStage({ graph: calm });
    const [ann = '', bea = ''] = stage.crew(6, { jobTitle: 'Engineer' });
    await stage.sync();
    const fault = gone(stage, resource, locations[how](stage, resource));
    const report = await stage.sync();
    expect(fault.hits()).toBe(1);
    expect(report).toMatchObject({ exitCode: 0, commands: {}, people: { inScope: 6, linked: 6 } });
    expect(await reasons(stage)).toEqual(['gone']);
    // The cursor that came of it still tells what happens here.
    stage.directory.updateUser(ann, { jobTitle: 'Architect' });
    stage.leave(bea);
    stage.hire('Ann Lee');
    const after = await stage.sync();
    expect(after).toMatchObject({ exitCode: 0, people: { inScope: 6, linked: 6 } });
    expect(succeeded(after)).toEqual({ CreateUser: 1, UpdateProfile: 1, DeactivateUser: 1 });
  },
);

const hostile: ReadonlyArray<(graphUrl: string, resource: Resource) => string> = [
  (_, resource) => `https://evil.example/v1.0/${resource}/delta?$deltatoken=`,
  (_, resource) => `//evil.example/v1.0/${resource}/delta?$deltatoken=`,
  (_, resource) => `/\\evil.example/v1.0/${resource}/delta?$deltatoken=`,
  (url, resource) => `${url.replace('//', '//user:secret@')}/${resource}/delta?$deltatoken=`,
  (url, resource) => `${url.replace('/v1.0', '/beta')}/${resource}/delta?$deltatoken=`,
  (url, resource) => `${url}/${resource === 'users' ? 'groups' : 'users'}/delta?$deltatoken=`,
  (_, resource) => `/v1.0/../beta/${resource}/delta`,
  (_, resource) => `${resource}/delta?$deltatoken=`,
  () => '',
];

it.each(['users', 'groups'] as const)(
  'FC-24 a Location out of %s/delta that leads elsewhere is not followed, ends the cycle and changes nobody',
  async (resource) => {
    const stage = await openStage({ graph: calm, storage: 'memory' });
    const [ann = ''] = stage.crew(5);
    await stage.sync();
    stage.newWrites();
    for (const make of hostile) {
      const fault = gone(stage, resource, make(stage.simulator.graphUrl, resource));
      const report = await stage.sync();
      expect(fault.hits()).toBe(1);
      expect(report).toMatchObject({ exitCode: 1, error: { code: 'unsafe-link' }, people: { inScope: 5 } });
      expect(report.error?.message).not.toMatch(/secret|deltatoken/);
    }
    expect(await reasons(stage)).toEqual([]);
    expect(stage.newWrites()).toEqual([]);
    stage.directory.updateUser(ann, { jobTitle: 'Writer' });
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 5 } });
    expect(stage.account(ann).jobTitle).toBe('Writer');
  },
);
