/** Seeds that went wrong once: lived again in every run, for ever. */
export const keptSeeds: ReadonlyArray<number> = [];
