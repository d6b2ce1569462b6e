import type { Random, Simulator } from '@learnamp/directory-sync-simulator';
import { jpegOf, pngOf } from '../../support/pictures.js';
import type { Oracle } from '../oracle.js';
import type { Judged } from '../judge.js';

type Picture = {
  readonly name: string;
  readonly bytes: Buffer;
  readonly valid: boolean;
  readonly contentType?: string;
};

const size = { width: 240, height: 240 };

/** What stands under photos in the field: pictures, and what says that it is one. */
const zoo = (random: Random): ReadonlyArray<Picture> => {
  const mark = random.uuid();
  const jpeg = jpegOf(240, 240, mark);
  return [
    { name: 'a JPEG', bytes: jpeg, valid: true },
    { name: 'another JPEG', bytes: jpegOf(200, 240, mark), valid: true },
    { name: 'a PNG that is called a JPEG', bytes: pngOf(240, 240, mark), valid: true },
    { name: 'a page', bytes: Buffer.from(`<html>${mark}</html>`), valid: false },
    { name: 'a script in SVG', bytes: Buffer.from(`<svg onload="alert('${mark}')"/>`), valid: false },
    { name: 'a GIF', bytes: Buffer.from(`GIF89a${mark}`), valid: false },
    { name: 'a picture of 65,500 pixels', bytes: jpegOf(65_500, 65_500, mark), valid: false },
    { name: 'more than a mebibyte', bytes: jpegOf(240, 240, Buffer.alloc(1_100_000, mark)), valid: false },
    { name: 'half a header', bytes: jpeg.subarray(0, 9), valid: false },
    { name: 'nothing', bytes: Buffer.alloc(0), valid: false },
  ];
};

/** By simulator and person, all that was ever put there and is a picture. */
const everPut = new WeakMap<Simulator, Map<string, Buffer[]>>();
const putFor = (simulator: Simulator, id: string): Buffer[] => {
  const all = everPut.get(simulator) ?? new Map<string, Buffer[]>();
  everPut.set(simulator, all);
  const own = all.get(id) ?? [];
  all.set(id, own);
  return own;
};

/** Somebody in scope gets another photo, the same one again, or none; in words. */
export const photoEdit = (simulator: Simulator, oracle: Oracle, random: Random): string | undefined => {
  const inScope = oracle.inScope();
  const user = random.shuffle(simulator.directory.users().filter(({ id }) => inScope.has(id)))[0];
  if (user === undefined) return undefined;
  const who = user.id.slice(0, 8);
  if (user.photo !== undefined && random.chance(0.2)) {
    simulator.directory.removePhoto(user.id);
    return `photo of ${who}: removed`;
  }
  if (user.photo !== undefined && random.chance(0.2)) {
    simulator.directory.setPhoto(user.id, user.photo.bytes, size);
    return `photo of ${who}: the same once more`;
  }
  const chosen = random.shuffle(zoo(random))[0];
  if (chosen === undefined) return undefined;
  simulator.directory.setPhoto(user.id, chosen.bytes, size);
  if (chosen.valid) putFor(simulator, user.id).push(chosen.bytes);
  return `photo of ${who}: ${chosen.name}`;
};

/** Whoever has a picture has it at Learn Amp, and nobody has what was never theirs, or is no picture. */
export const wrongAvatar = (simulator: Simulator, { oracle }: Judged): string | undefined => {
  for (const account of oracle.accounts()) {
    const { person, id, active } = account;
    if (person === undefined || id === undefined) continue;
    const shown = simulator.learnAmp.avatarOf(id)?.bytes;
    const own = putFor(simulator, person);
    if (shown !== undefined && !own.some((bytes) => bytes.equals(shown)))
      return `account ${String(id)} shows a picture that was never one of ${person}`;
    const user = simulator.directory.find(person);
    const photo = user?.kind === 'user' && user.presence === 'live' ? user.photo : undefined;
    const isPicture = photo !== undefined && own.some((bytes) => bytes.equals(photo.bytes));
    if (isPicture && active && oracle.inScope().has(person) && (shown === undefined || !photo.bytes.equals(shown)))
      return `account ${String(id)} does not show the photo of ${person}`;
  }
  return undefined;
};
