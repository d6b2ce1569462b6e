/** Preferences apart from everything that talks to a network: checking a configuration loads neither client nor store. */
export { decodePreferences, defaultPreferences, mappedAttributes } from '@learnamp/directory-sync-domain';
export type { ConfigurationMistake, Preferences } from '@learnamp/directory-sync-domain';
