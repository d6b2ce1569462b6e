import type { Command } from '../commands.js';

/**
 * What a command takes for one person alone: an address, or an account that was nobody's. Of several people who want the
 * same one at the same time only the first may ask; the others are planned again once the answer is known (FC-48).
 */
export const claimsOf = (command: Command): ReadonlyArray<string> => {
  switch (command.kind) {
    case 'CreateUser':
    case 'ChangeEmail':
      return [`address:${command.identity.email.toLowerCase()}`];
    case 'LinkUser':
      return [`account:${command.learnAmpUserId}`];
    default:
      return [];
  }
};
