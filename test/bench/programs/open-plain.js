/** The plain binding that the log uses on this machine, with nothing of ours in between. */
export const openPlain = async (path) => {
  const builtIn = process.getBuiltinModule('node:sqlite');
  if (builtIn !== undefined) return new builtIn.DatabaseSync(path);
  const { default: Database } = await import('better-sqlite3');
  return new Database(path);
};
