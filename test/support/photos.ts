import type { Avatars, Logger } from '@learnamp/directory-sync';
import type { SimulatedRequest, Simulator } from '@learnamp/directory-sync-simulator';
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

/** A JPEG as far as its header goes. Small originals are served as they are. */
export const jpegOf = (width: number, height: number, rest: string | Buffer = ''): Buffer => {
  const frame = Buffer.from([0xff, 0xc0, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xfe, 0, 2]), frame, Buffer.from(rest)]);
};
export const picture = (text: string): Buffer => jpegOf(240, 240, text);

/** The same of a PNG. */
export const pngOf = (width: number, height: number, rest: string | Buffer = ''): Buffer => {
  const header = Buffer.from([0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 0, 0, 0, 0, 0, 8, 6, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(width, 8);
  header.writeUInt32BE(height, 12);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), header, Buffer.from(rest)]);
};
export const png = pngOf(240, 240, 'pixels');
export const small = { width: 240, height: 240 };

export const noting = (): { readonly logger: Logger; readonly warnings: ReadonlyArray<string> } => {
  const warnings: string[] = [];
  const quiet = (): void => undefined;
  return {
    logger: { debug: quiet, info: quiet, warn: (_, message) => void warnings.push(message) },
    warnings,
  };
};
