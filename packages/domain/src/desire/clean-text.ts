/** Learn Amp documents no limit; 255 characters is what its text columns hold by the framework's default. */
export const textLimit = 255;

export type CleanText = {
  readonly text: string;
  /** The text was longer than the limit and was cut. */
  readonly shortened: boolean;
};

/** Controls that stand for white space; left out, they would glue two words together. */
const LINE_BREAKS = /[\t-\r\u0085\u2028\u2029]+/gu;
/** Other controls, lone surrogates and what stands in their place, and the marks that turn the direction of text (Unicode's Bidi_Control). */
const UNWANTED = /[\p{Cc}\p{Cs}\ufffd\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}]/u;

const visible = (text: string): string => (VISIBLE.test(text) ? text.trim() : '');

/**
 * Directory text made fit to be shown and stored: line breaks and tabs become one space, other control characters, lone
 * surrogates and bidi controls go, white space at the ends goes, and what is left is cut to `limit` code points, never
 * inside one. A text in which nothing can be seen is `''`. Markup and formulas pass unchanged: escaping is for whoever shows them.
 */
export const cleanText = (text: string, limit: number = textLimit): CleanText => {
  const cleaned = visible(text.replace(LINE_BREAKS, ' ').replace(UNWANTED, ''));
  // A code point is one or two units: only a text of more units than the limit can have more code points.
  const points = cleaned.length > limit ? Array.from(cleaned) : [];
  return points.length > limit
    ? { text: visible(points.slice(0, limit).join('')), shortened: true }
    : { text: cleaned, shortened: false };
};
