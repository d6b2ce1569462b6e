/** What stands in the local cache under a key. Unreadable counts as absent: nothing there is the only copy of anything. */
export const cachedJson = (text: string | undefined): unknown => {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
