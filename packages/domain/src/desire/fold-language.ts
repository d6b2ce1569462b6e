/** The 27 languages that Learn Amp takes (https://developers.learnamp.com, users). `en` is British English. */
export const learnAmpLanguages = [
  'en',
  'en-US',
  'de',
  'es',
  'es-CO',
  'fr',
  'fr-CA',
  'it',
  'nl',
  'pt-BR',
  'pl',
  'ru',
  'no',
  'sv',
  'da',
  'zh-CN',
  'zh-TW',
  'ja',
  'ar',
  'sk',
  'ca',
  'cy',
  'el',
  'hu',
  'pt-PT',
  'ro',
  'tr',
] as const;
export type LearnAmpLanguage = (typeof learnAmpLanguages)[number];

const table: ReadonlyMap<string, LearnAmpLanguage> = new Map<string, LearnAmpLanguage>([
  ...learnAmpLanguages.map((code) => [code.toLowerCase(), code] as const),
  ['en-gb', 'en'],
  ['nb', 'no'],
  ['nn', 'no'],
  ['pt', 'pt-PT'],
  ['zh-hans', 'zh-CN'],
  ['zh-hant', 'zh-TW'],
  ['zh-hk', 'zh-TW'],
  ['es-419', 'es-CO'],
]);

/**
 * Learn Amp's code for a language tag, by look-up as in RFC 4647: the whole tag without regard to case, then ever shorter
 * beginnings of it (`nb-NO` -> `no`, `zh-Hant-HK` -> `zh-TW`, `de-AT` -> `de`). `undefined`: Learn Amp has nothing near.
 */
export const foldLanguage = (tag: string): LearnAmpLanguage | undefined => {
  const wanted = tag.trim().toLowerCase().replaceAll('_', '-');
  if (wanted.length > 64 || !/^[a-z]{2,8}(-[a-z0-9]{1,8})*$/.test(wanted)) return undefined;
  const parts = wanted.split('-');
  for (let length = parts.length; length > 0; length -= 1) {
    const code = table.get(parts.slice(0, length).join('-'));
    if (code !== undefined) return code;
  }
  return undefined;
};
