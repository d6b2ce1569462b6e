import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { PersonAt, Preferences } from '@learnamp/directory-sync';
import type { People, Person } from '../../../src/contract.js';
import { asking, change, get, path, type Refusal, useRead } from '../api.js';
import { Card, Mistake, Nothing } from './basics.js';

/** Each look at somebody is recorded: not one for every letter that is typed. */
const REST_MS = 400;

const useRested = <A,>(value: A): A => {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), REST_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
};

/** One person as other preferences would have them; as the saved ones do, where nothing is changed. */
export const useSample = (company: string, userId: string | undefined, changed: Preferences | undefined) => {
  const asked = useRested(changed === undefined ? '' : JSON.stringify(changed));
  return useQuery<PersonAt | null, Refusal>({
    queryKey: ['sample', company, userId ?? '', asked],
    enabled: userId !== undefined,
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const at = path('companies', company, 'people', userId ?? '');
      if (asked === '') return (await get<Person>(at)).now;
      return change<PersonAt | null>('POST', `${at}/with`, { preferences: JSON.parse(asked) as unknown });
    },
  });
};

type Choosing = {
  readonly company: string;
  readonly choose: (userId: string) => void;
  readonly problem: Refusal | null;
};

/** Finds somebody by whom the mapping is shown. */
export const SamplePerson = ({ company, choose, problem }: Choosing) => {
  const [typed, setTyped] = useState('');
  const [text, setText] = useState<string>();
  const found = useRead<People>(
    text === undefined ? '' : asking(`${path('companies', company)}/people`, { text, status: 'active', limit: '5' }),
    undefined,
    text !== undefined,
  );
  return (
    <Card title="Sample person">
      <form
        className="filters"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          setText(typed.trim());
        }}
      >
        <label>
          Show the mapping by somebody
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
              <button type="button" className="plain" onClick={() => choose(userId)}>
                <bdi>{displayName ?? userId}</bdi>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
};
