import type { WhatIfStep } from '@learnamp/directory-sync';
import type { InvocationOf } from '../command-line/invocation.js';
import { writeLines } from '../command-line/output.js';
import { makeWhatIfText } from '../reports/what-if-text.js';
import { readPreferencesFile } from './read-preferences-file.js';
import type { ExitCode, VerbContext } from './verb-context.js';

type Invocation = InvocationOf<'replay'> & { readonly withPreferences: string };

const document = (step: WhatIfStep): string => {
  const { _tag, ...rest } = step;
  if (_tag === 'Summary') return JSON.stringify({ summary: rest });
  return JSON.stringify(_tag === 'NoLonger' ? { ...rest, noLonger: true } : rest);
};

async function* documents(steps: AsyncIterable<WhatIfStep>): AsyncGenerator<string> {
  for await (const step of steps) yield document(step);
}

async function* words(steps: AsyncIterable<WhatIfStep>): AsyncGenerator<string> {
  const text = makeWhatIfText();
  for await (const step of steps)
    if (step._tag === 'Summary') yield* text.end(step);
    else text.take(step);
}

/** `replay --with-preferences`: what saving these preferences would send now, and no longer. */
export const whatIf = async (invocation: Invocation, context: VerbContext): Promise<ExitCode> => {
  const { connection, terminal, loadPreferencesDecoder } = context;
  const preferences = await readPreferencesFile(invocation.withPreferences, terminal.folder, loadPreferencesDecoder);
  const steps = connection.whatIf({ preferences });
  await writeLines(terminal.out, invocation.json ? documents(steps) : words(steps));
  return 0;
};
