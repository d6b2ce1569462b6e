import type { ObjectId } from '../ids.js';

/**
 * Whether a user principal name is that of a deleted account: Entra puts the account's own id, without dashes, in front
 * of the name. Such a value can be read before the removal is; it is nobody's address (FC-43).
 */
export const isDeletedAccountName = (userId: ObjectId, name: string | null | undefined): boolean =>
  name?.trim().toLowerCase().startsWith(userId.replaceAll('-', '')) === true;
