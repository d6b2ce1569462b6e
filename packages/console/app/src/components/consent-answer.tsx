import { useState } from 'react';
import { Link } from 'wouter';
import type { ConsentGiven } from '../../../src/contract.js';
import { change, path, useChange } from '../api.js';
import { Mistake } from './basics.js';

export const useConsentAnswer = () =>
  useChange((answer: string) => change<ConsentGiven>('POST', 'consent', { answer }));

/** What an administrator granted, and what is missing. */
export const Granted = ({ given }: { readonly given: ConsentGiven }) => (
  <div role="status">
    <p>
      {given.missing.length === 0
        ? 'The app may read people and groups.'
        : `Not granted yet: ${given.missing.join(', ')}. Add them to the app registration as application permissions, or wait some minutes and check the group.`}
    </p>
    <p>
      <Link href={`/${path('companies', given.connectionId)}/set-up`}>Go on with the set-up</Link>
    </p>
  </div>
);

/** For an administrator who opened Microsoft's page elsewhere: the address they were led back to is the answer. */
export const ConsentAnswer = () => {
  const [address, setAddress] = useState('');
  const take = useConsentAnswer();
  return (
    <>
      <label>
        The whole address that their browser was led back to
        <input value={address} autoComplete="off" onChange={(event) => setAddress(event.target.value)} />
      </label>
      <button type="button" className="plain" disabled={address.trim() === ''} onClick={() => take.mutate(address)}>
        Take the answer
      </button>
      <Mistake refusal={take.error} />
      {take.data === undefined ? null : <Granted given={take.data} />}
    </>
  );
};
