import type { UserObserved } from '../observations.js';

/**
 * "Limited information": what a reader without permission gets, every property null
 * (https://learn.microsoft.com/graph/permissions-reference). Entra lets neither the principal name nor the display name be
 * emptied, so an entry that shows them empty says nothing about the person (FC-08).
 */
export const saysNothing = ({ attributes }: UserObserved): boolean => {
  const name = attributes.userPrincipalName;
  return name === null || (name === undefined && attributes.displayName === null);
};

/** Only an entry that carries the principal name can list everything that was selected: there, absent means empty. */
export const isComplete = ({ complete, attributes }: UserObserved): boolean =>
  complete && typeof attributes.userPrincipalName === 'string';
