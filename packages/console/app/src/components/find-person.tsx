import { useState } from 'react';
import type { People } from '../../../src/contract.js';
import { asking, path, type Refusal, useRead } from '../api.js';
import { Mistake, Nothing } from './basics.js';

export type Found = { readonly userId: string; readonly displayName: string | null };

type Finding = {
  readonly company: string;
  readonly label: string;
  readonly choose: (person: Found) => void;
  /** Only people who stand so. */
  readonly status?: string;
  readonly problem?: Refusal | null;
};

const OBJECT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Finds somebody by what people know of them. Who is found is recorded as looked at, so it is asked for by a button. */
export const FindPerson = ({ company, label, choose, status, problem }: Finding) => {
  const [typed, setTyped] = useState('');
  const [text, setText] = useState<string>();
  const found = useRead<People>(
    text === undefined ? '' : asking(`${path('companies', company)}/people`, { text, status, limit: '5' }),
    undefined,
    text !== undefined,
  );
  return (
    <>
      <form
        className="filters"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          const wanted = typed.trim();
          // Also somebody whom no list knows any more.
          if (OBJECT_ID.test(wanted)) choose({ userId: wanted.toLowerCase(), displayName: null });
          else setText(wanted);
        }}
      >
        <label>
          {label}
          <input
            type="search"
            value={typed}
            placeholder="Name, address, team or id"
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        <button type="submit" className="plain">
          Find
        </button>
      </form>
      <Mistake refusal={found.error ?? problem} />
      {text === undefined || found.data === undefined ? null : found.data.people.length === 0 ? (
        <Nothing>Nobody is found so.</Nothing>
      ) : (
        <ul className="buttons">
          {found.data.people.map(({ userId, displayName }) => (
            <li key={userId}>
              <button type="button" className="plain" onClick={() => choose({ userId, displayName })}>
                <bdi>{displayName ?? userId}</bdi>
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
};
