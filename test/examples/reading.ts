import type { DirectorySync, ObjectId } from '@learnamp/directory-sync';

// #region preview
export const whatWouldHappen = async (engine: DirectorySync): Promise<ReadonlyArray<string>> => {
  const { report, commands } = await engine.preview();
  if (report.error !== undefined) return [report.error.message];
  return commands.map(({ kind, displayName, summary }) => `${kind} ${displayName ?? ''}: ${summary}`);
};
// #endregion

// #region report
export const summary = async (engine: DirectorySync): Promise<string> => {
  const { exitCode, people, attention, error } = await engine.sync();
  switch (exitCode) {
    case 0:
      return `${people.linked} accounts are as the directory says.`;
    case 1:
      return `Not complete, will be continued: ${error?.message ?? 'unknown'}`;
    case 3:
      return `${people.held} people wait for approval.`;
    case 4:
      return `${attention.length} people need somebody: ${attention.map(({ userId, reason }) => `${userId} ${reason}`).join('; ')}`;
  }
};
// #endregion

// #region history
export const historyOf = async (engine: DirectorySync, userId: ObjectId): Promise<ReadonlyArray<string>> => {
  const lines: string[] = [];
  for await (const event of engine.events({ userIds: [userId] }))
    lines.push(`${event.revision} ${event.recordedAt} ${event.type}`);
  return lines;
};
// #endregion

// #region stop
export const syncFor = async (engine: DirectorySync, milliseconds: number) =>
  engine.sync({
    signal: AbortSignal.timeout(milliseconds),
    onProgress: ({ step, done, total }) => console.log(`${step}: ${done} of ${total ?? '?'}`),
  });
// #endregion
