const SHORTEST = 6;

const spellingsOf = (secrets: ReadonlyArray<string>): ReadonlyArray<string> =>
  secrets
    // A shorter one would tear holes into ordinary words.
    .filter((secret) => secret.length >= SHORTEST)
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
    .sort((one, other) => other.length - one.length);

/**
 * Takes every secret out of a text, also as it stands in a URL or in JSON. A second net: no message should hold one.
 *
 * @param secrets asked for each text: a file may have been read anew since
 */
export const makeRedactor = (secrets: () => ReadonlyArray<string>): ((text: string) => string) => {
  let known: ReadonlyArray<string> = [];
  let spellings: ReadonlyArray<string> = [];
  return (text) => {
    const now = secrets();
    if (now.length !== known.length || now.some((secret, at) => secret !== known[at])) {
      known = now;
      spellings = spellingsOf(now);
    }
    return spellings.reduce((rest, spelling) => rest.replaceAll(spelling, '[secret]'), text);
  };
};

/** For messages we did not write: stderr names nobody, so what looks like an address is taken out. */
export const withoutAddresses = (text: string): string => text.replace(/[^\s@"'<>()]+@[^\s@"'<>()]+/g, '[address]');
