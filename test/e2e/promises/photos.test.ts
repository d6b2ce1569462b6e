import { openLearnAmpRest } from '@learnamp/directory-sync';
import { describe, expect, it } from 'vitest';
import { withOurAvatars, type AvatarStore } from '../../examples/avatars.js';
import {
  avatarOf,
  isPhotoBatch,
  noting,
  openPhotos,
  photosAsked,
  picture,
  png,
  small,
  writesOf,
} from '../../support/photos.js';
import { attentionOf, facts, succeeded } from '../../support/report.js';

const latin = (bytes: Buffer): string => bytes.toString('latin1');

describe('the photo becomes the avatar at the next sync', () => {
  it('of somebody new, together with the account', async () => {
    const stage = await openPhotos();
    const [ann, ben] = [stage.hire('Ann Lee'), stage.hire('Ben Ode')];
    stage.directory.setPhoto(ann, picture('ann'), small);
    const report = await stage.sync();
    expect(report.exitCode).toBe(0);
    expect(succeeded(report)).toEqual({ CreateUser: 2, SetAvatar: 1 });
    expect(facts(report)).toMatchObject({ PhotoChanged: 1, CommandSucceeded: 3 });
    expect(avatarOf(stage, ann)).toBe(latin(picture('ann')));
    expect(avatarOf(stage, ben)).toBeUndefined();
  });

  it('at 504 by 504 where that exists, and the original of a smaller one', async () => {
    const stage = await openPhotos();
    const [ann, ben] = [stage.hire('Ann Lee'), stage.hire('Ben Ode')];
    stage.directory.setPhoto(ann, picture('ann'));
    stage.directory.setPhoto(ben, png, { ...small, contentType: 'image/png' });
    await stage.sync();
    expect(photosAsked(stage).toSorted()).toEqual([
      'photo',
      'photo',
      'photo/$value',
      'photos/504x504/$value',
      'photos/504x504/$value',
    ]);
    expect(avatarOf(stage, ann)).toContain('504');
    expect(stage.learnAmp.avatarOf(stage.account(ben).id)).toMatchObject({ mediaType: 'image/png' });
  });

  it('once: the next sync asks which photo it is, and records and sends nothing', async () => {
    const stage = await openPhotos();
    stage.directory.setPhoto(stage.hire('Ann Lee'));
    await stage.sync();
    photosAsked(stage);
    const report = await stage.sync();
    expect(report.events).toEqual({});
    expect(photosAsked(stage)).toEqual(['photo']);
  });

  it('again when it changes, and ten changes are one call', async () => {
    const stage = await openPhotos();
    const ann = stage.hire('Ann Lee');
    stage.directory.setPhoto(ann, picture('first'), small);
    await stage.sync();
    for (let n = 0; n < 10; n += 1) stage.directory.setPhoto(ann, picture(`photo ${n}`), small);
    const report = await stage.sync();
    expect(facts(report)).toEqual({ PhotoChanged: 1, CommandSucceeded: 1 });
    expect(avatarOf(stage, ann)).toBe(latin(picture('photo 9')));
    expect(writesOf(stage, ann)).toBe(2);
  });

  it('without a call where the same bytes come under a new etag', async () => {
    const stage = await openPhotos();
    const ann = stage.hire('Ann Lee');
    stage.directory.setPhoto(ann, picture('ann'), small);
    await stage.sync();
    stage.directory.setPhoto(ann, picture('ann'), small);
    expect(facts(await stage.sync())).toEqual({ PhotoChanged: 1, CommandSucceeded: 1 });
    expect(writesOf(stage, ann)).toBe(1);
    photosAsked(stage);
    expect((await stage.sync()).events).toEqual({});
    expect(photosAsked(stage)).toEqual(['photo']);
  });

  it('and again for somebody who left and came back', async () => {
    const stage = await openPhotos();
    const [ann] = [stage.hire('Ann Lee'), ...stage.crew(3)];
    stage.directory.setPhoto(ann, picture('ann'), small);
    await stage.sync();
    stage.leave(ann);
    await stage.sync();
    stage.learnAmp.setAvatar(stage.account(ann).id, undefined);
    stage.directory.addMember(stage.directory.scopeGroupId, ann);
    expect(succeeded(await stage.sync())).toMatchObject({ ReactivateUser: 1, SetAvatar: 1 });
    expect(avatarOf(stage, ann)).toBe(latin(picture('ann')));
  });

  it('neither the picture nor its etag stands in the log', async () => {
    const stage = await openPhotos();
    const ann = stage.hire('Ann Lee');
    stage.directory.setPhoto(ann, picture('secret pixels'), small);
    await stage.sync();
    const found = stage.directory.find(ann);
    const etag = found?.kind === 'user' ? (found.photo?.etag ?? '') : '';
    const log = JSON.stringify(await stage.events());
    expect(etag).not.toBe('');
    expect(log).not.toContain(etag.replaceAll('"', ''));
    expect(log).not.toContain('secret pixels');
    expect(log).not.toContain(picture('secret pixels').toString('base64').slice(8, 20));
  });
});

describe('a host that adds its avatars to the REST client', () => {
  it('gets each picture with its kind, and is told to remove it', async () => {
    const stage = await openPhotos({ avatars: undefined as never, preferences: { clearRemovedPhotos: true } });
    const { simulator } = stage;
    const rest = openLearnAmpRest({
      baseUrl: simulator.learnAmpUrl,
      auth: { kind: 'token', token: simulator.learnAmpToken() },
      externalId: 'integrationExternalId',
      patienceMs: 5_000,
    });
    const stored = new Map<string, string>();
    const store: AvatarStore = {
      write: (accountId, bytes, mediaType) => {
        stored.set(accountId, `${mediaType}: ${String(bytes.length)} bytes`);
        return Promise.resolve();
      },
      remove: (accountId) => {
        stored.delete(accountId);
        return Promise.resolve();
      },
    };
    await stage.reopen({ port: withOurAvatars(rest, store) });
    const ann = stage.hire('Ann Lee');
    stage.directory.setPhoto(ann, png, { ...small, contentType: 'image/png' });
    await stage.sync();
    expect([...stored]).toEqual([[String(stage.account(ann).id), `image/png: ${png.length} bytes`]]);
    stage.directory.removePhoto(ann);
    await stage.sync();
    expect([...stored]).toEqual([]);
  });
});

describe('photos are left alone', () => {
  it.each([
    ['by preference', { preferences: { syncPhotos: false } }, {}],
    ['with --no-photos', {}, { photos: false }],
    ['over the REST API, which cannot set avatars', { avatars: undefined as never }, {}],
  ])('%s: nobody is asked for', async (_, options, sync) => {
    const stage = await openPhotos(options);
    stage.directory.setPhoto(stage.hire('Ann Lee'));
    const report = await stage.sync({ full: true, ...sync });
    expect(report.exitCode).toBe(0);
    expect(succeeded(report)).toEqual({ CreateUser: 1 });
    expect(photosAsked(stage)).toEqual([]);
  });

  it('in a preview without them, which then says nothing of them', async () => {
    const stage = await openPhotos();
    stage.directory.setPhoto(stage.hire('Ann Lee'));
    const kinds = async (photos: boolean) =>
      (await stage.engine().preview({ photos })).commands.map(({ kind }) => kind);
    expect(await kinds(false)).toEqual(['CreateUser']);
    expect(photosAsked(stage)).toEqual([]);
    expect(await kinds(true)).toEqual(['CreateUser', 'SetAvatar']);
    expect(stage.learnAmp.avatarWrites()).toEqual([]);
  });

  it('by a port that turns out not to set avatars: that is learnt once', async () => {
    const stage = await openPhotos({
      avatars: (store) => ({ ...store, set: () => Promise.resolve({ _tag: 'Unsupported' }) }),
    });
    // A port of the host's own, which does not say beforehand what it can do.
    const people = stage.crew(8);
    for (const userId of people) stage.directory.setPhoto(userId);
    const report = await stage.sync();
    expect(report).toMatchObject({ ok: true, commands: { SetAvatar: { succeeded: 0 } } });
    expect(report.events['LearnAmpCapabilitiesObserved']).toBe(1);
    expect(report.commands.SetAvatar?.unsupported).toBe(4);
  });
});

describe('a photo that was removed', () => {
  it.each([
    [false, 'keeps the avatar', {}],
    [true, 'clears it where the company wants that', { ClearAvatar: 1 }],
  ])('(clearRemovedPhotos: %s) %s', async (clearRemovedPhotos, _, commands) => {
    const stage = await openPhotos({ preferences: { clearRemovedPhotos } });
    const ann = stage.hire('Ann Lee');
    stage.directory.setPhoto(ann, picture('ann'), small);
    await stage.sync();
    stage.directory.removePhoto(ann);
    const report = await stage.sync();
    expect(facts(report)).toMatchObject({ PhotoRemoved: 1 });
    expect(succeeded(report)).toEqual(commands);
    expect(avatarOf(stage, ann)).toBe(clearRemovedPhotos ? undefined : latin(picture('ann')));
    expect((await stage.sync()).events).toEqual({});
  });

  it('according to one answer only, was not', async () => {
    const stage = await openPhotos({ preferences: { clearRemovedPhotos: true } });
    const ann = stage.hire('Ann Lee');
    stage.directory.setPhoto(ann);
    await stage.sync();
    const fault = stage.simulator.faults.add({
      path: new RegExp(`/users/${ann}/photo$`),
      times: 1,
      action: { status: 404, body: { error: { code: 'ImageNotFound' } } },
    });
    expect((await stage.sync()).events).toEqual({});
    expect(fault.hits()).toBe(1);
    expect(avatarOf(stage, ann)).toBeDefined();
  });

  it('leaves an avatar alone that was put there by hand', async () => {
    const stage = await openPhotos({ preferences: { clearRemovedPhotos: true } });
    const ann = stage.hire('Ann Lee');
    await stage.sync();
    stage.learnAmp.setAvatar(stage.account(ann).id, { bytes: picture('by hand'), mediaType: 'image/jpeg' });
    expect((await stage.sync()).events).toEqual({});
    expect(avatarOf(stage, ann)).toBe(latin(picture('by hand')));
  });
});

describe('no photo', () => {
  it.each(['404', '1x1'] as const)('in the form of %s is none, and is asked again next time', async (missingPhoto) => {
    const stage = await openPhotos({ graph: { ...{ pageSize: { min: 500, max: 500 } }, missingPhoto } });
    const ann = stage.hire('Ann Lee');
    expect(succeeded(await stage.sync())).toEqual({ CreateUser: 1 });
    // The photo service learns of somebody new later than the directory does.
    stage.directory.setPhoto(ann, picture('ann'), small);
    expect(succeeded(await stage.sync())).toEqual({ SetAvatar: 1 });
  });

  it.each([401, 403, 429, 503])('is not what %i says', async (status) => {
    const stage = await openPhotos({ preferences: { clearRemovedPhotos: true }, patienceMs: 1_000 });
    const [ann, ben] = [stage.hire('Ann Lee'), stage.hire('Ben Ode')];
    stage.directory.setPhoto(ann);
    await stage.sync();
    stage.directory.setPhoto(ben, picture('ben'), small);
    const fault = stage.simulator.faults.add({ path: new RegExp(`/users/${ann}/photo$`), action: { status } });
    const report = await stage.sync();
    expect(fault.hits()).toBeGreaterThan(0);
    expect(report).toMatchObject({ ok: true, exitCode: 0, attention: [] });
    expect(report.events['PhotoRemoved']).toBeUndefined();
    expect(avatarOf(stage, ann)).toBeDefined();
    if (status !== 429) expect(avatarOf(stage, ben)).toBe(latin(picture('ben')));
  });
});

describe('a picture that cannot be an avatar', () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');

  it.each([
    ['an SVG that calls itself a PNG', svg, 'not_an_image'],
    ['a GIF', Buffer.from('GIF89a......'), 'not_an_image'],
    ['5 MB', Buffer.concat([picture(''), Buffer.alloc(5 * 1024 * 1024)]), 'too_large'],
  ])('%s is refused, told, and not fetched again before it changes', async (_, bytes, code) => {
    const stage = await openPhotos();
    const [ann, ben] = [stage.hire('Ann Lee'), stage.hire('Ben Ode')];
    stage.directory.setPhoto(ann, bytes, { ...small, contentType: 'image/png' });
    stage.directory.setPhoto(ben, picture('ben'), small);
    const report = await stage.sync();
    expect(report.commands.SetAvatar).toMatchObject({ planned: 2, succeeded: 1, rejected: 1 });
    expect(attentionOf(report, ann)).toEqual([`rejected: SetAvatar: ${code} (photo)`]);
    expect([avatarOf(stage, ann), avatarOf(stage, ben)]).toEqual([undefined, latin(picture('ben'))]);
    photosAsked(stage);
    const full = await stage.sync({ full: true });
    expect(full.commands.SetAvatar).toBeUndefined();
    expect(photosAsked(stage)).toEqual(['photo', 'photo']);
    stage.directory.setPhoto(ann, picture('better'), small);
    expect(await stage.sync()).toMatchObject({ exitCode: 0, attention: [] });
    expect(avatarOf(stage, ann)).toBe(latin(picture('better')));
  });

  it('a redirect to another host is not followed', async () => {
    const stage = await openPhotos();
    const ann = stage.hire('Ann Lee');
    stage.directory.setPhoto(ann);
    const elsewhere = stage.simulator.learnAmpUrl;
    const before = stage.simulator.requests.count({ system: 'learnAmp' });
    stage.simulator.faults.add({
      path: /\$value$/,
      action: { status: 302, headers: { location: `${elsewhere}/v1.0/users/photo` } },
    });
    const report = await stage.sync();
    expect(report.exitCode).toBe(0);
    expect(avatarOf(stage, ann)).toBeUndefined();
    expect(stage.simulator.requests.matching({ path: /users\/photo$/ })).toEqual([]);
    expect(stage.simulator.requests.count({ system: 'learnAmp' })).toBeGreaterThan(before);
  });
});

describe('photos never delay anything', () => {
  it('accounts are delivered although every photo request hangs until its timeout', async () => {
    const { logger, warnings } = noting();
    const stage = await openPhotos({ patienceMs: 1_000, logger });
    const people = stage.crew(5);
    for (const userId of people) stage.directory.setPhoto(userId);
    const fault = stage.simulator.faults.add({ match: isPhotoBatch, action: 'hang' });
    const report = await stage.sync();
    expect(fault.hits()).toBeGreaterThan(0);
    expect(report).toMatchObject({ ok: true, exitCode: 0, attention: [], people: { linked: 5 } });
    expect(warnings).toEqual(['Photos were not finished; the next lane goes on.']);
    fault.remove();
    expect(succeeded(await stage.sync())).toEqual({ SetAvatar: 5 });
  });

  it('one photo that cannot be fetched delays nobody else’s', async () => {
    const stage = await openPhotos({ patienceMs: 1_000 });
    const people = stage.crew(9);
    for (const userId of people) stage.directory.setPhoto(userId);
    const fault = stage.simulator.faults.add({ path: new RegExp(`${people[4]}/photos?/.*value$`), action: 'reset' });
    const report = await stage.sync();
    expect(fault.hits()).toBeGreaterThan(0);
    expect(report).toMatchObject({ ok: true, exitCode: 0, attention: [] });
    expect(succeeded(report)).toMatchObject({ SetAvatar: 8 });
    fault.remove();
    expect(succeeded(await stage.sync())).toEqual({ SetAvatar: 1 });
    for (const userId of people) expect(writesOf(stage, userId)).toBe(1);
  });

  it('one avatar without an answer delays nobody else’s, and is set by the next sync', async () => {
    let broken = '';
    const stage = await openPhotos({
      avatars: (store) => ({
        ...store,
        set: (avatar) =>
          avatar.learnAmpUserId === broken ? Promise.reject(new Error('disk full')) : store.set(avatar),
      }),
    });
    const people = stage.crew(9);
    await stage.sync({ photos: false });
    broken = String(stage.account(people[4]!).id);
    for (const userId of people) stage.directory.setPhoto(userId);
    expect(succeeded(await stage.sync())).toEqual({ SetAvatar: 8 });
    broken = '';
    expect(succeeded(await stage.sync())).toEqual({ SetAvatar: 1 });
    for (const userId of people) expect(avatarOf(stage, userId)).toBeDefined();
  });

  it('an avatar store that is down ends the lane, and everything else of the cycle is done', async () => {
    const { logger, warnings } = noting();
    let isDown = true;
    const stage = await openPhotos({
      logger,
      avatars: (store) => ({
        ...store,
        set: (avatar) => (isDown ? Promise.reject(new Error('down')) : store.set(avatar)),
      }),
    });
    const people = stage.crew(30);
    for (const userId of people) stage.directory.setPhoto(userId);
    const report = await stage.sync();
    expect(report).toMatchObject({ ok: true, people: { linked: 30 } });
    expect(report.commands.SetAvatar).toMatchObject({ planned: 8, succeeded: 0 });
    expect(warnings).toEqual(['Photos were not finished; the next lane goes on.']);
    isDown = false;
    expect(succeeded(await stage.sync())).toEqual({ SetAvatar: 30 });
  });

  it('at most four pictures are under way at once', async () => {
    let [underWay, most] = [0, 0];
    const stage = await openPhotos({
      avatars: (store) => ({
        ...store,
        set: async (avatar) => {
          underWay += 1;
          most = Math.max(most, underWay);
          await new Promise((resolve) => setImmediate(resolve));
          underWay -= 1;
          return store.set(avatar);
        },
      }),
    });
    for (const userId of stage.crew(25)) stage.directory.setPhoto(userId);
    expect(succeeded(await stage.sync())).toMatchObject({ SetAvatar: 25 });
    expect(most).toBe(4);
  });
});

describe('a lane that was stopped', () => {
  it('goes on where it was, and nobody’s avatar is set twice', async () => {
    const controller = new AbortController();
    let calls = 0;
    const stage = await openPhotos({
      avatars: (store) => ({
        ...store,
        set: (avatar) => {
          calls += 1;
          if (calls === 110) controller.abort();
          return store.set(avatar);
        },
      }),
    });
    const people = stage.crew(130);
    for (const userId of people) stage.directory.setPhoto(userId);
    const stopped = await stage.sync({ signal: controller.signal });
    expect(stopped).toMatchObject({ ok: false, people: { linked: 130 } });
    const before = stage.learnAmp.avatarWrites().length;
    expect(before).toBeLessThan(120);
    await stage.reopen();
    photosAsked(stage);
    const report = await stage.sync();
    expect(report.exitCode).toBe(0);
    for (const userId of people) expect(writesOf(stage, userId)).toBe(1);
    // Everybody is looked at once; only those who were not done are fetched.
    const asked = photosAsked(stage);
    expect(asked.filter((path) => path === 'photo')).toHaveLength(130);
    expect(asked.filter((path) => path.endsWith('$value'))).toHaveLength(130 - before);
    expect((await stage.sync()).events).toEqual({});
  });
});
