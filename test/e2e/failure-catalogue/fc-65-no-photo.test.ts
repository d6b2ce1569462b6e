import type { FaultAction } from '@learnamp/directory-sync-simulator';
import { describe, expect, it } from 'vitest';
import { avatarOf, openPhotos, picture, small, writesOf } from '../../support/photos.js';
import { facts } from '../../support/report.js';

const error = (status: number, code: string): FaultAction => ({ status, body: { error: { code, message: code } } });

const none: ReadonlyArray<readonly [string, FaultAction]> = [
  ['404 ImageNotFound', error(404, 'ImageNotFound')],
  ['404 ErrorEntityNotFound', error(404, 'ErrorEntityNotFound')],
  ['404 ErrorItemNotFound', error(404, 'ErrorItemNotFound')],
  ['404 GetUserPhoto', error(404, 'GetUserPhoto')],
  ['404 without a body', { status: 404 }],
];

const unknown: ReadonlyArray<readonly [string, FaultAction]> = [
  ['401', error(401, 'InvalidAuthenticationToken')],
  ['403', error(403, 'ErrorAccessDenied')],
  ['500', error(500, 'ErrorInternalServerError')],
  ['an empty error under 200', { status: 200, body: { error: {} } }],
];

const openPair = async () => {
  const stage = await openPhotos({ preferences: { clearRemovedPhotos: true }, patienceMs: 500 });
  const [ann, ben] = [stage.hire('Ann Lee'), stage.hire('Ben Ode')];
  stage.directory.setPhoto(ben, picture('ben'), small);
  return { stage, ann, ben };
};

const ofPhoto = (userId: string) => new RegExp(`/users/${userId}/photo$`);

describe('FC-65 no photo, no mailbox', () => {
  it.each(none)(
    '%s for somebody who never had one is nothing: no event, no command, no failure',
    async (_how, action) => {
      const { stage, ann, ben } = await openPair();
      const fault = stage.simulator.faults.add({ system: 'graph', path: ofPhoto(ann), action });
      const report = await stage.sync();
      expect(fault.hits()).toBeGreaterThan(0);
      expect(report).toMatchObject({ exitCode: 0, attention: [] });
      expect(facts(report)).toMatchObject({ PhotoChanged: 1 });
      expect(avatarOf(stage, ben)).toBeDefined();
      const asked = fault.hits();
      expect((await stage.sync()).events).toEqual({});
      // Once a cycle, and not again before the next one.
      expect(fault.hits() - asked).toBe(1);
    },
  );

  it.each(unknown)('%s for somebody who had one changes nothing', async (_how, action) => {
    const { stage, ann, ben } = await openPair();
    await stage.sync();
    const fault = stage.simulator.faults.add({ system: 'graph', path: ofPhoto(ben), action });
    for (let round = 0; round < 3; round += 1) expect((await stage.sync()).exitCode).not.toBe(1);
    expect(fault.hits()).toBeGreaterThan(0);
    expect(await stage.events('PhotoRemoved')).toEqual([]);
    expect(avatarOf(stage, ben)).toBeDefined();
    expect(writesOf(stage, ann)).toBe(0);
  });

  it('404 on one size while the original exists is no "none"', async () => {
    const { stage, ben } = await openPair();
    const fault = stage.simulator.faults.add({
      system: 'graph',
      path: /photos\/504x504/,
      action: error(404, 'ImageNotFound'),
    });
    await stage.sync();
    expect(fault.hits()).toBeGreaterThan(0);
    expect(avatarOf(stage, ben)).toBe(picture('ben').toString('latin1'));
    expect(await stage.events('PhotoRemoved')).toEqual([]);
  });
});
