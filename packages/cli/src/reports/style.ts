import pico from 'picocolors';

/** Colour, or the same words plain. */
export type Style = {
  readonly strong: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly faint: (text: string) => string;
};

export const makeStyle = (colour: boolean): Style => {
  const colours = pico.createColors(colour);
  return {
    strong: colours.bold,
    good: colours.green,
    warning: colours.yellow,
    bad: colours.red,
    faint: colours.dim,
  };
};

/** Colour is for a terminal that shows it, and for people who did not ask for none (https://no-color.org). */
export const wantsColour = (
  isTerminal: boolean,
  flag: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): boolean => isTerminal && flag && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
