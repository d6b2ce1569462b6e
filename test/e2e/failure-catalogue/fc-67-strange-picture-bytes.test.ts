import { describe, expect, it } from 'vitest';
import { avatarOf, jpegOf, openPhotos, picture, pngOf, small } from '../../support/photos.js';
import { attentionOf, succeeded } from '../../support/report.js';

// What is a picture is judged by a corpus of its own (packages/graph/src/photos/judge-picture.test.ts); here, what becomes of it.
const strange: ReadonlyArray<readonly [string, Buffer, string, 'not_an_image' | 'too_large']> = [
  ['a PNG header of 65,500 by 65,500', pngOf(65_500, 65_500), 'image/png', 'too_large'],
  ['a JPEG header of 65,535 by 65,535', jpegOf(65_535, 65_535), 'image/jpeg', 'too_large'],
  ['30 MB', Buffer.concat([picture('large'), Buffer.alloc(30 * 1024 * 1024)]), 'image/jpeg', 'too_large'],
  ['a GIF of one pixel', Buffer.from('GIF89a\u0001\u0000\u0001\u0000', 'latin1'), 'image/gif', 'not_an_image'],
  ['an SVG with a script, called a PNG', Buffer.from('<svg onload="alert(1)"/>'), 'image/png', 'not_an_image'],
  ['a JPEG that is a page, too', jpegOf(9, 9, '<html><script>alert(1)</script>'), 'image/jpeg', 'not_an_image'],
];

describe('FC-67 strange picture bytes', () => {
  it.each(strange)(
    '%s is refused alone: the profile goes on, and it is not tried again',
    async (_what, bytes, contentType, code) => {
      const stage = await openPhotos();
      const [ann, ben] = [stage.hire('Ann Lee'), stage.hire('Ben Ode')];
      stage.directory.setPhoto(ann, bytes, { ...small, contentType });
      stage.directory.setPhoto(ben, picture('ben'), small);
      const report = await stage.sync();
      expect(succeeded(report)).toEqual({ CreateUser: 2, SetAvatar: 1 });
      expect(attentionOf(report, ann)).toEqual([`rejected: SetAvatar: ${code} (photo)`]);
      expect(avatarOf(stage, ann)).toBeUndefined();
      expect(avatarOf(stage, ben)).toBeDefined();
      stage.directory.updateUser(ann, { jobTitle: 'Writer' });
      stage.simulator.requests.reset();
      for (const full of [false, true]) await stage.sync({ full });
      expect(stage.account(ann).jobTitle).toBe('Writer');
      // The bytes are not fetched again before the photo is another one.
      expect(stage.simulator.requests.count({ system: 'graph', path: new RegExp(`${ann}/photo.*value`) })).toBe(0);
      stage.directory.setPhoto(ann, picture('better'), small);
      expect(succeeded(await stage.sync())).toEqual({ SetAvatar: 1 });
    },
  );

  it.each([
    ['a page of a proxy', Buffer.from('<html>Sign in</html>'), 'text/html'],
    ['nothing at all', Buffer.alloc(0), 'image/jpeg'],
  ])('%s says nothing of the photo: it is asked for again', async (_what, bytes, contentType) => {
    const stage = await openPhotos({ patienceMs: 500 });
    const ann = stage.hire('Ann Lee');
    stage.directory.setPhoto(ann, bytes, { ...small, contentType });
    const report = await stage.sync();
    expect(report.exitCode).toBe(0);
    expect(avatarOf(stage, ann)).toBeUndefined();
    expect(report.commands.SetAvatar).toBeUndefined();
  });
});
