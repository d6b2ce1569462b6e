import type { Simulator } from '@learnamp/directory-sync-simulator';

/** Who appears in the story, by object id; chosen from the made-up company by what the story needs of them. */
export type Cast = {
  /** Changes the department. */
  readonly mover: string;
  /** Gets a new manager. */
  readonly report: string;
  readonly newManager: string;
  /** Leaves the group; manages nobody. */
  readonly leaver: string;
};

export const nameOf = (simulator: Simulator, userId: string): string =>
  simulator.directory.user(userId).properties.displayName ?? userId;

export const addressOf = (simulator: Simulator, userId: string): string =>
  simulator.directory.user(userId).properties.userPrincipalName ?? userId;

/** Names in letters that every terminal font has, so that the columns stand straight. */
const plain = (text: string | null | undefined): boolean => /^[A-Z][a-z]+ [A-Z][a-z]+$/.test(text ?? '');

export const chooseCast = (simulator: Simulator): Cast => {
  const { directory, company } = simulator;
  const candidates = company.people.filter((id) => {
    const { properties, managerId } = directory.user(id);
    return (
      plain(properties.displayName) &&
      properties.department != null &&
      managerId !== undefined &&
      directory.reachableUsers().has(managerId) &&
      !company.existing.some(({ userId }) => userId === id)
    );
  });
  const ordinary = candidates.filter((id) => directory.directReports(id).length === 0);
  const bosses = candidates.filter((id) => directory.directReports(id).length > 0);
  const [mover, report, leaver] = ordinary;
  const newManager = bosses.find((id) => report !== undefined && directory.user(report).managerId !== id);
  if (mover === undefined || report === undefined || leaver === undefined || newManager === undefined)
    throw new Error('This company has too few people for the story.');
  return { mover, report, leaver, newManager };
};
