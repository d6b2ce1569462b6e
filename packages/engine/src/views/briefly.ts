/** As long as what a directory may hold in one field: what is longer is not shown whole in a sentence, only in the data. */
const LONGEST = 256;

/** A value in a sentence for people: whole, or its beginning and how long it is. */
export const briefly = (value: string): string => {
  if (value.length <= LONGEST) return value;
  // Half of a character is none.
  const start = value.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, '');
  return `${start}… (${value.length} characters)`;
};
