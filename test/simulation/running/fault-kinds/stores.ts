import { placesToFail, type StoreTrouble } from '../store-troubles.js';
import { nothing, times, type FaultKind } from '../scene.js';

const trouble = (name: string, code: StoreTrouble, after: boolean, most: number): FaultKind => ({
  name,
  arm: ({ troubles }, random) =>
    troubles.arm(code, { places: placesToFail(random), times: random.integer(1, most), after }),
});

export const storeFaults: ReadonlyArray<FaultKind> = [
  trouble('store-busy', 'SQLITE_BUSY', false, 4),
  trouble('store-full', 'SQLITE_FULL', false, 12),
  trouble('store-io-error', 'SQLITE_IOERR', false, 3),
  trouble('store-io-error-after-the-write', 'SQLITE_IOERR', true, 2),
  {
    name: 'store-torn-batch',
    needs: 'sqlite',
    arm: async (scene, random) => ((await scene.cutPower(random.integer(1, 4))) ? times(1) : nothing),
  },
];
