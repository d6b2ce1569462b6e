import { expect, it } from 'vitest';
import { canaryName, canaryProfile, openCanaryLeaver } from '../../support/person-canary.js';
import { attentionOf, facts, none, succeeded } from '../../support/report.js';
import { expectReplayEqualsLive } from '../../support/stage.js';

const by = { actor: 'Data protection', reason: 'article 17' };

const openErased = async () => {
  const { stage, xq } = await openCanaryLeaver();
  await stage.engine().erase(xq, by);
  return { stage, xq };
};

it('FC-95 under the same object id: as a new person under a new key, into the account that is still there', async () => {
  const { stage, xq } = await openErased();
  const before = stage.account(xq);
  stage.directory.addMember(stage.directory.scopeGroupId, xq);
  const report = await stage.sync();
  expect(facts(report)).toMatchObject({ UserJoinedGroup: 1, UserLinked: 1 });
  expect(succeeded(report)).toMatchObject({ ReactivateUser: 1, LinkUser: 1 });
  expect(before.status).toBe('deactivated');
  expect(stage.account(xq)).toMatchObject({ id: before.id, status: 'not_invited' });
  expect((await stage.sync()).events).toEqual(none);
  const history = (await stage.events()).filter(({ metadata }) => JSON.stringify(metadata).includes(xq));
  const [first, again] = history.filter(({ type }) => type === 'UserJoinedGroup');
  expect(first).toMatchObject({ data: null, erased: true });
  expect(again).toMatchObject({ data: { attributes: { displayName: canaryName } } });
  expect((again?.metadata as { keyId: string }).keyId).not.toBe((first?.metadata as { keyId: string }).keyId);
  await stage.engine().rebuild();
  expect((await stage.sync({ full: true })).commands).toEqual(none);
  await expectReplayEqualsLive(stage.engine());
});

it('FC-95 erased a second time, the second history is gone as well', async () => {
  const { stage, xq } = await openErased();
  stage.directory.addMember(stage.directory.scopeGroupId, xq);
  await stage.sync();
  stage.leave(xq);
  await stage.sync();
  expect(await stage.engine().erase(xq, by)).toMatchObject({ outcome: 'erased' });
  const joined = await stage.events('UserJoinedGroup');
  expect(joined.filter(({ erased }) => erased === true)).toHaveLength(2);
});

it('FC-95 under a new object id and address: a new account', async () => {
  const { stage } = await openErased();
  const again = stage.hire('Xantippa Quoggelbeen-Smith');
  expect(succeeded(await stage.sync())).toMatchObject({ CreateUser: 1 });
  expect(stage.account(again).status).toBe('not_invited');
});

it('FC-95 under a new object id and the old address: parked, since the account carries the old id', async () => {
  const { stage, xq } = await openErased();
  const writes = stage.learnAmp.accounts().length;
  stage.directory.updateUser(xq, { userPrincipalName: 'gone@fabrikam.example', mail: null });
  const again = stage.hire(canaryName, canaryProfile);
  const report = await stage.sync();
  expect(attentionOf(report, again).join()).toMatch(/identity-conflict/);
  expect(stage.learnAmp.accounts()).toHaveLength(writes);
});
