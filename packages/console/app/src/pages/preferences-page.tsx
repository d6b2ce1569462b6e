import { useState } from 'react';
import type { Preferences } from '@learnamp/directory-sync';
import type { Settings } from '../../../src/contract.js';
import { useIsAdmin } from '../app.js';
import { Card, Heading, Mistake, Nothing, Waiting } from '../components/basics.js';
import { JobProgress, useJobs } from '../components/job-panel.js';
import { Mapping } from '../components/mapping.js';
import { Holds, WhatIsSynced, WhoLeaves } from '../components/preference-fields.js';
import { SamplePerson, useSample } from '../components/sample-person.js';
import { SavedWords } from '../components/saved-words.js';
import { type SettingsDraft, useSettingsDraft } from '../components/settings-draft.js';
import { WhatIfResult } from '../components/what-if-result.js';

type Whole = { readonly company: string; readonly draft: SettingsDraft; readonly shown: Preferences };

const BeforeSaving = ({ company, draft, shown }: Whole) => {
  const { of, isRunning, begin, stop } = useJobs(company);
  const { changesPreferences, save, saved, undo } = draft;
  const isSaved = saved?.version !== null;
  return (
    <Card title="Before saving">
      <p>See which commands would follow: nothing is sent, and nothing is saved.</p>
      <div className="buttons">
        <button
          type="button"
          disabled={!changesPreferences || saved?.isSetUp !== true}
          onClick={() => begin.mutate({ kind: 'what-if', preferences: shown })}
        >
          What would happen
        </button>
        {isSaved ? (
          <button
            type="button"
            className="plain"
            disabled={!changesPreferences || save.isPending}
            onClick={() => save.mutate()}
          >
            Save
          </button>
        ) : null}
        <button type="button" className="plain" disabled={!changesPreferences} onClick={undo}>
          Undo
        </button>
      </div>
      <SavedWords save={save} />
      <Mistake refusal={begin.error} />
      <JobProgress job={of('what-if')} stop={() => stop.mutate('what-if')} />
      {isRunning('what-if') ? null : <WhatIfResult company={company} job={of('what-if')} />}
      {isSaved ? null : <Nothing>Preferences are kept where the connection is configured: change them there.</Nothing>}
    </Card>
  );
};

const Fields = ({ company, draft, shown, saved }: Whole & { readonly saved: Settings }) => {
  const isAdmin = useIsAdmin();
  const [userId, choose] = useState<string>();
  const sample = useSample(company, userId, draft.changesPreferences ? shown : undefined);
  const part = { shown, set: draft.set };
  return (
    <>
      <fieldset disabled={!isAdmin} key={`fields ${draft.round}`}>
        <legend className="visually-hidden">Preferences</legend>
        <WhatIsSynced {...part} />
      </fieldset>
      <Mapping {...part} key={`mapping ${draft.round}`} sample={sample.data} disabled={!isAdmin} />
      {saved.isSetUp ? <SamplePerson company={company} choose={choose} problem={sample.error} /> : null}
      <fieldset disabled={!isAdmin} key={`leavers ${draft.round}`}>
        <legend className="visually-hidden">Leavers and holds</legend>
        <WhoLeaves {...part} />
        <Holds {...part} />
      </fieldset>
    </>
  );
};

/** Every setting in the product's words, and what changing it would lead to. */
export const PreferencesPage = ({ company }: { readonly company: string }) => {
  const isAdmin = useIsAdmin();
  const draft = useSettingsDraft(company);
  const { preferences: shown, saved, read } = draft;
  if (shown === undefined || saved === undefined)
    return read.error === null ? <Waiting /> : <Mistake refusal={read.error} />;
  return (
    <>
      <Heading>Preferences</Heading>
      <Fields company={company} draft={draft} shown={shown} saved={saved} />
      {isAdmin ? <BeforeSaving company={company} draft={draft} shown={shown} /> : null}
    </>
  );
};
