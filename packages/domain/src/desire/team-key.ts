import type { TeamKey } from '../ids.js';

/**
 * Upper case in between joins what lower case alone keeps apart (ß, ẞ and SS; σ and ς; dotless ı and I). `toLowerCase` and
 * `toUpperCase` know no locale, so a machine set to Turkish folds like any other; the dot that İ leaves behind is dropped,
 * because the upper case of `ı` and `i` is one letter everywhere else.
 */
const foldCase = (text: string): string =>
  text
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(/i\p{M}+/gu, (letter) => letter.replaceAll('\u0307', ''))
    .normalize('NFKC')
    .replaceAll('ς', 'σ');

/**
 * The identity of a department's team: departments that differ in case, white space (any of Unicode's), invisible
 * characters or Unicode form (NFKC) only are one team. `undefined`: blank, so no team.
 * The folding is stored in the log as keys and at Learn Amp as external ids: changing it makes new teams.
 */
export const teamKeyOf = (department: string): TeamKey | undefined => {
  const visible = department
    .normalize('NFKC')
    .replace(/[\s\u0085]+/gu, ' ')
    .replace(/[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu, '');
  const key = foldCase(visible).replace(/\s+/gu, ' ').trim();
  return key === '' ? undefined : (key as TeamKey);
};
