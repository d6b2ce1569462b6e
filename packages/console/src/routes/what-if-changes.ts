import type { WhatIfCommand, WhatIfSummary } from '@learnamp/directory-sync';
import { toObjectId } from '@learnamp/directory-sync';

type Counts = { readonly people: number; readonly commands: WhatIfSummary['commands'] };

/** Counts commands by kind, and the people they are about. */
export const makeWhatIfChanges = () => {
  const people = new Set<string>();
  const commands: Partial<Record<WhatIfCommand['kind'], { sent: number; held: number }>> = {};
  return {
    add: ({ kind, subject, held }: WhatIfCommand): void => {
      const count = (commands[kind] ??= { sent: 0, held: 0 });
      count[held === null ? 'sent' : 'held'] += 1;
      if (toObjectId(subject) !== undefined) people.add(subject);
    },
    counts: (): Counts => ({ people: people.size, commands }),
  };
};
