import { Mistake } from './basics.js';
import type { SettingsDraft } from './settings-draft.js';

const words = {
  'next-sync': 'Saved. The next sync follows it.',
  restart:
    'Saved. This console and every command that begins from now on follow it; the engine that runs in another process does not yet: start it again.',
} as const;

/** Whether saving went well, and from when on it counts. */
export const SavedWords = ({ save }: Pick<SettingsDraft, 'save'>) => (
  <>
    <Mistake refusal={save.error} />
    {save.data === undefined ? null : <p role="status">{words[save.data.takesEffect]}</p>}
  </>
);
