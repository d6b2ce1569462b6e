export type NameSources = {
  readonly givenName: string | undefined;
  readonly surname: string | undefined;
  readonly displayName: string | undefined;
};

export type Names = {
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
};

/**
 * Both names of a person; Learn Amp requires both. One that is missing comes from the display name: its last word is the
 * surname, the rest the first name, and one word serves as both. Without a display name the name that is known serves
 * as both. `undefined` where nothing is known at all. Blank texts count as missing.
 */
export const namesFrom = ({ givenName, surname, displayName }: NameSources): Names => {
  const known = (text: string | undefined): string | undefined => {
    const trimmed = text?.trim();
    return trimmed === '' ? undefined : trimmed;
  };
  const [first, last] = [known(givenName), known(surname)];
  const words = (known(displayName) ?? first ?? last)?.split(/\s+/u) ?? [];
  const lastWord = words.at(-1);
  const others = words.slice(0, -1).join(' ');
  return { firstName: first ?? (others === '' ? lastWord : others), lastName: last ?? lastWord };
};
