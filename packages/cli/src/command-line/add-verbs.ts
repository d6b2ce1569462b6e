import type { Command } from 'commander';
import { addCheckingVerbs } from './add-checking-verbs.js';
import { addConsent } from './add-consent.js';
import { addConsole } from './add-console.js';
import { addDecidingVerbs } from './add-deciding-verbs.js';
import { addDoctor } from './add-doctor.js';
import { addLogVerbs } from './add-log-verbs.js';
import { addPersonalDataVerbs } from './add-personal-data-verbs.js';
import { addReadingVerbs } from './add-reading-verbs.js';
import { addRebuild } from './add-rebuild.js';
import { addReplayVerbs } from './add-replay-verbs.js';
import { addRunningVerbs } from './add-running-verbs.js';
import { addWhyVerbs } from './add-why-verbs.js';
import type { Found } from './arguments.js';

/** Every verb, in the order of the help. */
export const addVerbs = (program: Command, found: Found): void => {
  addRunningVerbs(program, found);
  addConsole(program, found);
  addCheckingVerbs(program, found);
  addDecidingVerbs(program, found);
  addReadingVerbs(program, found);
  addConsent(program, found);
  addDoctor(program, found);
  addWhyVerbs(program, found);
  addReplayVerbs(program, found);
  addRebuild(program, found);
  addLogVerbs(program, found);
  addPersonalDataVerbs(program, found);
};
