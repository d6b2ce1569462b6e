/** `1,200`. Not by `Intl`, which takes longer to load than most of what is shown by a command. */
export const shown = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');

/** `1 person`, `1,200 people`. */
export const counted = (count: number, singular: string, plural: string): string =>
  `${shown(count)} ${count === 1 ? singular : plural}`;
