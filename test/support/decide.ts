import { idOf } from './simulator-settings.js';

/** Who decides, and whom: people as the simulator names them. */
export const by = (reason: string, ...userIds: ReadonlyArray<string>) => ({
  ...(userIds.length === 0 ? {} : { userIds: userIds.map(idOf) }),
  by: 'Eve Admin',
  reason,
});

export const decidedIds = ({ decided }: { readonly decided: ReadonlyArray<{ readonly userId: string }> }) =>
  decided.map(({ userId }) => userId).sort();
