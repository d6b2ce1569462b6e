import { describe, expect, it } from 'vitest';
import { avatarOf, openPhotos, picture, small, writesOf } from '../../support/photos.js';
import { attentionOf, facts, succeeded } from '../../support/report.js';
import { idOf } from '../../support/simulator-settings.js';
import type { StageOptions } from '../../support/stage.js';

const openWithAvatar = async (options: StageOptions = {}) => {
  const stage = await openPhotos({ preferences: { clearRemovedPhotos: true }, ...options });
  const ann = stage.hire('Ann Lee');
  stage.directory.setPhoto(ann, picture('ann'), small);
  await stage.sync();
  return { stage, ann };
};

const latin = (text: string): string => picture(text).toString('latin1');

describe('FC-66 a photo is deleted in Entra', () => {
  it('by default the avatar stays', async () => {
    const { stage, ann } = await openWithAvatar({ preferences: {} });
    stage.directory.removePhoto(ann);
    expect(facts(await stage.sync())).toEqual({ PhotoRemoved: 1 });
    expect(avatarOf(stage, ann)).toBe(latin('ann'));
  });

  it('with the switch the one that the engine set is cleared, once', async () => {
    const { stage, ann } = await openWithAvatar();
    stage.directory.removePhoto(ann);
    expect(succeeded(await stage.sync())).toEqual({ ClearAvatar: 1 });
    expect(avatarOf(stage, ann)).toBeUndefined();
    expect((await stage.sync()).events).toEqual({});
  });

  it('one that the person uploaded at Learn Amp since then stays', async () => {
    const { stage, ann } = await openWithAvatar();
    stage.learnAmp.setAvatar(stage.account(ann).id, { bytes: picture('my own'), mediaType: 'image/jpeg' });
    const writes = writesOf(stage, ann);
    stage.directory.removePhoto(ann);
    for (const full of [false, true]) await stage.sync({ full });
    expect(await stage.events('PhotoRemoved')).toHaveLength(1);
    expect(avatarOf(stage, ann)).toBe(latin('my own'));
    expect(writesOf(stage, ann)).toBe(writes);
    // From here on it is theirs, and a new photo in Entra is a photo like any other.
    stage.directory.setPhoto(ann, picture('new'), small);
    expect(succeeded(await stage.sync())).toEqual({ SetAvatar: 1 });
    expect(avatarOf(stage, ann)).toBe(latin('new'));
  });

  it('where it is not known what was sent last the avatar is neither cleared nor taken for cleared', async () => {
    const { stage, ann } = await openWithAvatar({
      avatars: (store) => ({
        ...store,
        set: async (avatar, options) => {
          await store.set(avatar, options);
          throw new Error('the answer is lost');
        },
      }),
    });
    stage.directory.removePhoto(ann);
    const told = ['rejected: ClearAvatar: avatar_in_doubt'];
    expect(attentionOf(await stage.sync(), ann)).toEqual(told);
    expect(attentionOf(await stage.sync(), ann)).toEqual(told);
    expect(avatarOf(stage, ann)).toBe(latin('ann'));
    // Somebody who may know clears it, and has it looked at once more.
    stage.learnAmp.setAvatar(stage.account(ann).id, undefined);
    await stage.engine().retry({ userIds: [idOf(ann)], by: 'test', reason: 'cleared by hand' });
    const after = await stage.sync();
    expect(succeeded(after)).toEqual({ ClearAvatar: 1 });
    expect(attentionOf(after, ann)).toEqual([]);
  });

  it('where the present avatar cannot be read it is left for the next lane', async () => {
    let broken = true;
    const { stage, ann } = await openWithAvatar({
      avatars: (store) => ({
        ...store,
        read: (id) => (broken ? Promise.reject(new Error('no')) : (store.read?.(id) ?? Promise.resolve(undefined))),
      }),
    });
    stage.directory.removePhoto(ann);
    expect(succeeded(await stage.sync())).toEqual({});
    expect(avatarOf(stage, ann)).toBe(latin('ann'));
    broken = false;
    expect(succeeded(await stage.sync())).toEqual({ ClearAvatar: 1 });
  });
});
