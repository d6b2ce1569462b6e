import assert from 'node:assert/strict';
import { accountAt, created, outcomeOf, succeed } from './made-up.js';
import type { PortCase } from './port-under-test.js';

/** The first bytes of a PNG; nobody looks at the rest. */
const photo = {
  bytes: Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  mediaType: 'image/png',
} as const;

export const optionalCases: ReadonlyArray<PortCase> = [
  {
    title: 'SetAvatar sets the picture and ClearAvatar removes it, each as often as asked',
    needs: 'avatars',
    run: async (company) => {
      assert.equal(company.port.avatars, true, 'a port that sets avatars says so');
      const { about } = await created(company, 'Ada');
      for (let twice = 0; twice < 2; twice += 1) await succeed(company, about.avatar(), { photo });
      for (let twice = 0; twice < 2; twice += 1) await succeed(company, about.noAvatar());
    },
  },
  {
    title: 'SetAvatar without a picture does not succeed',
    needs: 'avatars',
    run: async (company) => {
      const { about } = await created(company, 'Ada');
      assert.notEqual((await outcomeOf(company, about.avatar()))._tag, 'Succeeded');
    },
  },
  {
    title: 'avatars that cannot be set are answered as unsupported',
    without: 'avatars',
    run: async (company) => {
      assert.notEqual(company.port.avatars, true);
      const { about } = await created(company, 'Ada');
      assert.equal((await outcomeOf(company, about.avatar(), { photo }))._tag, 'Unsupported');
    },
  },
  {
    title: 'SendInvitation invites who was not invited, once; who is deactivated gets no mail',
    needs: 'later-invitations',
    run: async (company) => {
      const { about, id } = await created(company, 'Ada');
      const gone = await created(company, 'Gone');
      await succeed(company, gone.about.deactivate());
      for (let twice = 0; twice < 2; twice += 1) await succeed(company, about.invite());
      assert.equal((await accountAt(company, id)).status, 'invite_pending');
      assert.equal(await company.invitationsTo(id), 1);
      assert.notEqual((await outcomeOf(company, gone.about.invite()))._tag, 'Succeeded');
      assert.equal(await company.invitationsTo(gone.id), 0);
    },
  },
  {
    title: 'invitations that cannot be sent later are answered as unsupported, and nobody gets mail',
    without: 'later-invitations',
    run: async (company) => {
      const { about, id } = await created(company, 'Ada');
      assert.equal((await outcomeOf(company, about.invite()))._tag, 'Unsupported');
      assert.equal(await company.invitationsTo(id), 0);
    },
  },
  {
    title: 'an alert is taken without an answer',
    run: async ({ port }) => {
      await port.alert?.({ kind: 'held', connectionId: 'fabrikam', counts: { people: 12 } });
    },
  },
];
