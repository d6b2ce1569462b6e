/** Seeds beyond those that always run which failed once: lived again each time. What they showed is told as stories beside. */
export const foundSeeds: ReadonlyArray<number> = [306, 310, 387, 402, 459, 511, 526, 573, 604, 913, 10_532];
