/**
 * Controls beyond those that JSON escapes by itself, and marks that turn the direction of writing: a terminal obeys them, and
 * so does whatever a file is opened with.
 */
const obeyed = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The same JSON, with escapes in their places: the same value, and nothing in it is obeyed. */
export const harmlessJson = (json: string): string => json.replace(obeyed, escaped);
