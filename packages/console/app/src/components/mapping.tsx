import { useState } from 'react';
import type { PersonAt, Preferences } from '@learnamp/directory-sync';
import { spaced } from '../words.js';
import { Card } from './basics.js';
import type { Change } from './settings-draft.js';
import { TypedList } from './typed-list.js';

type Part = {
  readonly shown: Preferences;
  readonly set: Change;
  /** Somebody by whom each row is shown, as these preferences would have it. */
  readonly sample: PersonAt | null | undefined;
  readonly disabled: boolean;
};

type Field = keyof Preferences['attributes'];

const valueOf = ({ desired }: PersonAt, field: Field): string | null | undefined => {
  if (desired === null) return undefined;
  if (field === 'firstName' || field === 'lastName' || field === 'email') return desired[field];
  return field === 'primaryTeam' ? desired.team : desired.profile[field];
};

const Value = ({ value }: { readonly value: string | null | undefined }) =>
  value === undefined || value === null || value === '' ? <span className="small">nothing</span> : <bdi>{value}</bdi>;

/** What Entra says in each attribute of a row. */
const Sources = ({ sample, names }: { readonly sample: PersonAt; readonly names: ReadonlyArray<string> }) => (
  <span className="small">
    {names.map((name) => {
      const said = sample.directory?.attributes[name];
      return (
        <span key={name} className="source">
          {name}: {said === undefined ? 'not said, or not read yet' : said === null ? 'empty' : <bdi>{said}</bdi>}
        </span>
      );
    })}
  </span>
);

const Row = ({ field, shown, set, sample }: Part & { readonly field: Field }) => {
  const names = shown.attributes[field];
  return (
    <tr>
      <th scope="row" id={`field-${field}`}>
        {spaced(field)}
      </th>
      <td>
        <TypedList
          labelledBy={`field-${field}`}
          value={names}
          onChange={(value) => set({ attributes: { ...shown.attributes, [field]: value } })}
        />
        {sample === null || sample === undefined ? null : <Sources sample={sample} names={names} />}
      </td>
      {sample === null || sample === undefined ? null : (
        <td>
          <Value value={valueOf(sample, field)} />
        </td>
      )}
    </tr>
  );
};

type Pair = readonly [attribute: string, name: string];

/** Typed freely, and a preference as soon as both halves are there. */
const CustomRows = ({ shown, set, sample, disabled }: Part) => {
  const [pairs, setPairs] = useState<ReadonlyArray<Pair>>(Object.entries(shown.customFields));
  const change = (next: ReadonlyArray<Pair>): void => {
    setPairs(next);
    set({ customFields: Object.fromEntries(next.filter(([attribute, name]) => attribute !== '' && name !== '')) });
  };
  const changeOne = (index: number, pair: Pair): void => change(pairs.map((each, at) => (at === index ? pair : each)));
  const columns = sample === null || sample === undefined ? 2 : 3;
  return (
    <tbody>
      {pairs.map(([attribute, name], index) => (
        <tr key={index}>
          <th scope="row">
            <input
              aria-label={`Custom field ${index + 1}: name in Learn Amp`}
              value={name}
              onChange={(event) => changeOne(index, [attribute, event.target.value])}
            />
          </th>
          <td>
            <input
              aria-label={`Custom field ${index + 1}: attribute in Entra`}
              value={attribute}
              onChange={(event) => changeOne(index, [event.target.value.trim(), name])}
            />
            {disabled ? null : (
              <button
                type="button"
                className="plain"
                onClick={() => change(pairs.filter((_, at) => at !== index))}
                aria-label={`Take away custom field ${index + 1}`}
              >
                Take away
              </button>
            )}
          </td>
          {sample === null || sample === undefined ? null : (
            <td>
              <Value value={sample.desired?.customFields[name]} />
            </td>
          )}
        </tr>
      ))}
      {disabled ? null : (
        <tr>
          <td colSpan={columns}>
            <button type="button" className="plain" onClick={() => change([...pairs, ['', '']])}>
              Add a custom field
            </button>
          </td>
        </tr>
      )}
    </tbody>
  );
};

/** Which attribute of Entra feeds which field of Learn Amp: the first that has a value counts. */
export const Mapping = (part: Part) => {
  const { shown, sample, disabled } = part;
  return (
    <Card title="Where each field comes from">
      <p className="small">
        Attributes of Microsoft Graph, in the order in which they are tried; empty switches the field off.
        {sample === null || sample === undefined
          ? ' Choose somebody below to see each value.'
          : ' Values are as the mapping above would have them, saved or not.'}
      </p>
      <fieldset disabled={disabled}>
        <legend className="visually-hidden">Mapping</legend>
        <div className="scroll" tabIndex={0} role="region" aria-label="mapping">
          <table>
            <thead>
              <tr>
                <th scope="col">Learn Amp</th>
                <th scope="col">Entra</th>
                {sample === null || sample === undefined ? null : (
                  <th scope="col">
                    <bdi>{sample.displayName ?? sample.userId}</bdi>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {(Object.keys(shown.attributes) as ReadonlyArray<Field>).map((field) => (
                <Row key={field} field={field} {...part} />
              ))}
            </tbody>
            <CustomRows {...part} />
          </table>
        </div>
      </fieldset>
    </Card>
  );
};
