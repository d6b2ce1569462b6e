import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { PersonAt, Preferences } from '@learnamp/directory-sync';
import type { Person } from '../../../src/contract.js';
import { change, get, path, type Refusal } from '../api.js';
import { Card } from './basics.js';
import { FindPerson } from './find-person.js';

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
export const SamplePerson = ({ company, choose, problem }: Choosing) => (
  <Card title="Sample person">
    <FindPerson
      company={company}
      label="Show the mapping by somebody"
      status="active"
      problem={problem}
      choose={({ userId }) => choose(userId)}
    />
  </Card>
);
