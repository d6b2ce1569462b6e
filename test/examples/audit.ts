import type { DirectorySync, Moment, ObjectId, Preferences } from '@learnamp/directory-sync';

// #region consequences
export const consequencesOf = async (
  engine: DirectorySync,
  userId: ObjectId,
  from: Moment,
): Promise<ReadonlyArray<string>> => {
  const lines: string[] = [];
  for await (const step of engine.replay({ from, userIds: [userId] }))
    if (step._tag === 'Event')
      for (const { kind, summary } of step.commands) lines.push(`${step.revision} ${step.type}: ${kind}, ${summary}`);
  return lines;
};
// #endregion

// #region moments
export const changesOfDay = async (engine: DirectorySync, from: Date, to: Date): Promise<ReadonlyArray<string>> => {
  const changes: string[] = [];
  for await (const step of engine.diff({ from: { time: from }, to: { time: to } }))
    if (step._tag === 'Person')
      changes.push(`${step.userId} ${step.change}: ${step.fields.map(({ path }) => path).join(', ')}`);
  return changes;
};
// #endregion

// #region what-if
export const wouldDeactivate = async (engine: DirectorySync, preferences: Preferences): Promise<number> => {
  for await (const step of engine.whatIf({ preferences }))
    if (step._tag === 'Summary') {
      const { sent = 0, held = 0 } = step.commands.DeactivateUser ?? {};
      return sent + held;
    }
  return 0;
};
// #endregion
