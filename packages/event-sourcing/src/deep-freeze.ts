/** Freezes a value with everything in it. What is frozen already is taken to be frozen all through. */
export const deepFreeze = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  // Values that are frozen anyway are not asked about: most of an event are texts.
  for (const each of Object.values(value) as ReadonlyArray<unknown>) if (typeof each === 'object') deepFreeze(each);
  return value;
};
