const LOCAL = /^[^\s@<>()[\]\\,;:"\p{C}]{1,64}$/u;
const DOMAIN =
  /^[\p{L}\p{N}]([\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?(\.[\p{L}\p{N}]([\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?)+$/u;

/**
 * Whether a text can be an e-mail address: one `@`, a plain local part, a domain with a dot. Narrower than RFC 5322 on
 * purpose (no quotes, no comments), wider than ASCII.
 */
export const isAddress = (text: string): boolean => {
  const at = text.lastIndexOf('@');
  return text.length <= 254 && at > 0 && LOCAL.test(text.slice(0, at)) && DOMAIN.test(text.slice(at + 1));
};
