import { standardAttributes } from '../attributes.js';
import type { Preferences } from './preferences.js';

/**
 * The Graph attributes that these preferences need beyond `standardAttributes`, as whole paths, each once and sorted:
 * the same preferences always select the same, whatever order they were written in.
 */
export const mappedAttributes = (preferences: Preferences): ReadonlyArray<string> => {
  const named = [...Object.values(preferences.attributes).flat(), ...Object.keys(preferences.customFields)];
  const standard: ReadonlyArray<string> = standardAttributes;
  return [...new Set(named)].filter((name) => !standard.includes(name)).sort();
};
