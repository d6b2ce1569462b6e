import { isObjectId, type ObjectId } from '@learnamp/directory-sync-domain';
import { refuse } from './manifest.js';

const listIn = (text: string): ReadonlyArray<unknown> => {
  if (!text.trimStart().startsWith('{')) return text.split(/\s+/).filter((word) => word !== '');
  try {
    const { erasures } = JSON.parse(text) as { readonly erasures?: unknown };
    return Array.isArray(erasures) ? (erasures as ReadonlyArray<unknown>) : [undefined];
  } catch {
    return [undefined];
  }
};

/** Who was erased: from the manifest of a later backup, or from object ids, one a line. */
export const readErasures = (text: string): ReadonlyArray<ObjectId> => {
  const ids = listIn(text).map((id) => String(id).toLowerCase());
  if (ids.every((id): id is ObjectId => isObjectId(id))) return ids;
  throw refuse(
    'The list of erasures must be the manifest of a backup, or object ids, one a line. Nothing was restored.',
  );
};
