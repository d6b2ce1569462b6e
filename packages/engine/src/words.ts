/** What is shown to people in words: tables that load nothing, for pages of a host as well as for our own. */
export { heldBecause, holdReasonWords } from './hold/hold-reason-words.js';
