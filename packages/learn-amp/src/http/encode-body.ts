/** A value of one field. `null` empties it: an empty value in a form, `null` in JSON. */
export type FieldValue = string | boolean | null | ReadonlyArray<NamedValue>;
export type NamedValue = { readonly name: string; readonly value: string | null };

/** The fields of a body by name, in the order they are sent. */
export type Fields = ReadonlyMap<string, FieldValue>;

export type EncodedBody = { readonly contentType: string; readonly text: string };

const isList = (value: FieldValue): value is ReadonlyArray<NamedValue> => Array.isArray(value);

const encodeForm = (fields: Fields): EncodedBody => {
  const form = new URLSearchParams();
  for (const [name, value] of fields) {
    if (isList(value)) {
      // Name before value, entry by entry: a form reader starts a new entry where a key repeats.
      for (const entry of value) {
        form.append(`${name}[][name]`, entry.name);
        form.append(`${name}[][value]`, entry.value ?? '');
      }
    } else form.append(name, value === null ? '' : String(value));
  }
  return { contentType: 'application/x-www-form-urlencoded', text: form.toString() };
};

const jsonValue = (name: string, value: FieldValue): unknown =>
  (name === 'primaryTeamId' || name === 'managerId') && typeof value === 'string' && /^\d{1,15}$/.test(value)
    ? Number(value)
    : value;

const encodeJson = (fields: Fields): EncodedBody => ({
  contentType: 'application/json',
  text: JSON.stringify(Object.fromEntries([...fields].map(([name, value]) => [name, jsonValue(name, value)]))),
});

/** Writes a body. The reference documents forms for users, teams and tokens; JSON is there for hosts that want it. */
export const encodeBody = (encoding: 'form' | 'json', fields: Fields): EncodedBody =>
  encoding === 'json' ? encodeJson(fields) : encodeForm(fields);
