/** Seeds whose order of steps showed a mistake once: lived again each time. */
export const foundSeeds: ReadonlyArray<number> = [];
