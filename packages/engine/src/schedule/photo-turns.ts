import type { CycleRequest } from '../connection/cycle-request.js';

/** Whether the photo lane of one connection has been round everybody, and what it is told while it runs. */
export type PhotoTurns = {
  /** It gave its turn back, and goes on with the next cycle. */
  readonly waits: () => boolean;
  /** What a cycle is to do about photos: what was asked for, or to go on where the lane stopped. */
  readonly next: (request: CycleRequest) => Pick<CycleRequest, 'photos' | 'photoLane'>;
};

/** The lane gives way as soon as the cycle's connection has something else to do: `isWanted` is asked with the cycle's begin. */
export const makePhotoTurns = (now: () => number, isWanted: (begun: number) => boolean): PhotoTurns => {
  let waiting = false;
  return {
    waits: () => waiting,
    next: ({ photos }) => {
      const begun = now();
      return {
        photos: photos || waiting,
        photoLane: {
          resumes: waiting && !photos,
          yields: () => isWanted(begun),
          onEnd: (end) => {
            waiting = end === 'more';
          },
        },
      };
    },
  };
};
