import { harmlessJson } from '@learnamp/directory-sync/words';
import type { Output } from './output.js';

/** What is printed obeys nobody's marks: in JSON they are escapes of the same value. Reports for people have escaped them before. */
export const harmlessOutput = (output: Output): Output => ({
  ...output,
  write: (text) => output.write(harmlessJson(text)),
});
