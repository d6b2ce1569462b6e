/** What is shown to people in words: tables that load nothing, for pages of a host as well as for our own. */
export { counted } from './counted.js';
export { heldBecause, holdReasonWords } from './hold/hold-reason-words.js';
export { harmlessJson } from './views/harmless-json.js';
