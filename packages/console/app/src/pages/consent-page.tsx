import { useEffect, useRef } from 'react';
import { Heading, Mistake, Nothing, Waiting } from '../components/basics.js';
import { Granted, useConsentAnswer } from '../components/consent-answer.js';

/** Where Microsoft leads an administrator back to: the answer is in the address, and is taken out of it at once. */
export const ConsentPage = () => {
  const take = useConsentAnswer();
  const begun = useRef(false);
  const { mutate } = take;
  useEffect(() => {
    if (begun.current || window.location.search === '') return;
    begun.current = true;
    const answer = window.location.href;
    window.history.replaceState(null, '', window.location.pathname);
    mutate(answer);
  }, [mutate]);
  return (
    <>
      <Heading>Consent</Heading>
      {take.isPending ? <Waiting /> : null}
      <Mistake refusal={take.error} />
      {take.isIdle ? <Nothing>There is no answer in this address.</Nothing> : null}
      {take.data === undefined ? null : <Granted given={take.data} />}
    </>
  );
};
