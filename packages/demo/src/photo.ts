import { nameOf } from './cast.js';
import { CheckFailed } from './check.js';
import { accountOf } from './compare.js';
import { openEmbedded } from './embedded.js';
import type { Scene } from './scene.js';

export const photoStep = async (
  { simulator, folder, narrator, check, signal }: Scene,
  userId: string,
): Promise<void> => {
  const { directory, learnAmp } = simulator;
  const name = nameOf(simulator, userId);
  narrator.step(
    'A photo',
    "Learn Amp's public API has no way to set an avatar, so the command line alone cannot; a host that embeds the package can. " +
      `Here the demo itself is that host, over the same log. ${name} uploads a photo.`,
  );
  directory.setPhoto(userId);
  const picture = directory.user(userId).photo;
  const withPhoto = [...directory.reachableUsers()].filter((id) => directory.user(id).photo !== undefined);
  const engine = await openEmbedded(simulator, folder);
  try {
    const { error } = await engine.sync({ actor: 'demo', signal });
    if (error !== undefined) throw new CheckFailed(error.message);
    const avatarOf = (id: string) => learnAmp.avatarOf(accountOf(simulator, id)?.id ?? -1);
    const hers = avatarOf(userId);
    // Graph encodes another size anew: the same picture, with a comment in front.
    const isHers = picture !== undefined && Buffer.from(hers?.bytes ?? []).includes(picture.bytes.subarray(2));
    check(`${name}'s avatar in Learn Amp is the picture she uploaded (${hers?.mediaType ?? 'none'}).`, isHers);
    const sent = learnAmp.avatarWrites().length;
    check(
      `So it is for each of the ${withPhoto.length} people who have a photo, with one call each.`,
      withPhoto.every((id) => avatarOf(id) !== undefined) && sent === withPhoto.length,
      `${sent} calls`,
    );
    await engine.sync({ actor: 'demo', signal });
    check('The next sync sends none of them again.', learnAmp.avatarWrites().length === sent);
  } finally {
    await engine.close();
  }
};
