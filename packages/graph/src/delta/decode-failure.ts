import type { Errors } from 'io-ts';

/** The path of the first thing a codec refused, such as `manager@delta.id`. The value itself is somebody's data. */
export const refusedField = (errors: Errors): string => {
  const keys = errors[0]?.context.map(({ key }) => key).filter((key) => key !== '' && !/^\d+$/.test(key)) ?? [];
  return [...new Set(keys)].join('.') || 'the item itself';
};
