import { useState } from 'react';
import type { Preferences } from '@learnamp/directory-sync';
import type { Settings, SettingsKept } from '../../../src/contract.js';
import { change, path, useChange, useRead } from '../api.js';

export type Change = (parts: Partial<Preferences>) => void;

type Ids = { readonly tenantId: string; readonly groupId: string };

const empty = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** What stands, what somebody changed of it and has not saved, and saving it. */
export const useSettingsDraft = (company: string) => {
  const read = useRead<Settings>(`${path('companies', company)}/settings`);
  const [changed, setChanged] = useState<Partial<Preferences>>({});
  const [ids, setIds] = useState<Partial<Ids>>({});
  /** Of texts that are typed: another number lets them begin with what stands again. */
  const [round, setRound] = useState(0);
  const clear = (): void => {
    setChanged({});
    setIds({});
    setRound((before) => before + 1);
  };
  const saved = read.data;
  const preferences = saved === undefined ? undefined : { ...saved.preferences, ...changed };
  const tenantId = ids.tenantId ?? saved?.tenantId ?? '';
  const groupId = ids.groupId ?? saved?.groupId ?? '';
  const save = useChange(async () => {
    const kept = await change<SettingsKept>('PUT', `${path('companies', company)}/settings`, {
      tenantId: empty(tenantId),
      groupId: empty(groupId),
      preferences,
      version: saved?.version ?? '',
    });
    clear();
    return kept;
  });
  const changesPreferences = JSON.stringify(preferences) !== JSON.stringify(saved?.preferences);
  const changesIds = empty(tenantId) !== saved?.tenantId || empty(groupId) !== saved.groupId;
  return {
    read,
    saved,
    preferences,
    tenantId,
    groupId,
    round,
    changesPreferences,
    isChanged: saved !== undefined && (changesPreferences || changesIds),
    set: ((parts) => setChanged((before) => ({ ...before, ...parts }))) satisfies Change,
    setIds: (parts: Partial<Ids>) => setIds((before) => ({ ...before, ...parts })),
    undo: clear,
    save,
  };
};

export type SettingsDraft = ReturnType<typeof useSettingsDraft>;
