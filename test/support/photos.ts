import type { Avatars, Logger } from '@learnamp/directory-sync';
import type { SimulatedRequest, Simulator } from '@learnamp/directory-sync-simulator';
export { jpegOf, picture, png, pngOf, small } from './pictures.js';
import { calm, openStage, type Stage, type StageOptions } from './stage.js';

const asGiven = (store: Avatars): Avatars => store;

/** A company whose host can set avatars, with a Graph that does nothing it need not do. */
export const openPhotos = (options: StageOptions = {}): Promise<Stage> =>
  openStage({ graph: calm, avatars: asGiven, ...options });

const PHOTO = /^\/v1\.0\/users\/[^/]+\/photos?(\/|$)/;

/** Paths asked of Graph's photo service since the last call, those in batches included; ids left out. */
export const photosAsked = (of: Pick<Stage, 'simulator'> | Simulator): ReadonlyArray<string> => {
  const { requests } = 'simulator' in of ? of.simulator : of;
  const asked = requests
    .all()
    .flatMap(({ path, items }) => [path, ...items.map((item) => item.path)])
    .filter((path) => PHOTO.test(path))
    .map((path) => path.replace(/^\/v1\.0\/users\/[^/]+\//, ''));
  requests.reset();
  return asked;
};

/** A batch that asks for photos. */
export const isPhotoBatch = ({ path, body }: SimulatedRequest): boolean =>
  path.endsWith('/$batch') && body.includes('/photo"');

/** The picture at Learn Amp, or `undefined`. */
export const avatarOf = (stage: Stage, userId: string): string | undefined => {
  const avatar = stage.learnAmp.avatarOf(stage.account(userId).id);
  return avatar === undefined ? undefined : Buffer.from(avatar.bytes).toString('latin1');
};

/** How often an avatar was set or cleared, by account. */
export const writesOf = (stage: Stage, userId: string): number => {
  const { id } = stage.account(userId);
  return stage.learnAmp.avatarWrites().filter(({ accountId }) => accountId === id).length;
};

export const noting = (): { readonly logger: Logger; readonly warnings: ReadonlyArray<string> } => {
  const warnings: string[] = [];
  const quiet = (): void => undefined;
  return {
    logger: { debug: quiet, info: quiet, warn: (_, message) => void warnings.push(message) },
    warnings,
  };
};
