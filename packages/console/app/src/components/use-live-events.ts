import { useEffect, useState } from 'react';
import type { EventView } from '@learnamp/directory-sync';
import { asking, download, parsed } from '../api.js';

/** So many are kept of those that came since the page was opened. */
const KEPT = 200;

export type Live = { readonly events: ReadonlyArray<EventView>; readonly state: 'off' | 'opening' | 'live' | 'ended' };

type Asked = {
  /** Path of the events of a company. */
  readonly at: string;
  readonly types: string;
  readonly person: string;
  /** Behind this revision; `undefined`: nothing is followed yet. */
  readonly head: string | undefined;
  /** The page is too far behind to catch up: it is to be read anew. */
  readonly onBehind: () => void;
};

const none: Live = { events: [], state: 'off' };

/** What the tab sees: a hidden one holds no connection, of which a browser has six to a host. */
const useVisible = (): boolean => {
  const [isVisible, setVisible] = useState(() => document.visibilityState === 'visible');
  useEffect(() => {
    const look = (): void => setVisible(document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return isVisible;
};

/** Events as they are recorded, newest first: pushed by the server, in one connection that ends with the tab. */
export const useLiveEvents = ({ at, types, person, head, onBehind }: Asked): Live => {
  const isVisible = useVisible();
  const key = `${at} ${types} ${person} ${head ?? ''}`;
  const [live, setLive] = useState<Live & { readonly key: string }>({ ...none, key });
  const events = live.key === key ? live.events : none.events;
  useEffect(() => {
    if (head === undefined || !isVisible) return undefined;
    const newest = BigInt(events[0]?.revision ?? head);
    const source = new EventSource(download(asking(`${at}/live`, { types, person, from: (newest + 1n).toString() })));
    const tell = (change: (before: Live) => Live): void =>
      setLive((before) => ({ ...change(before.key === key ? before : none), key }));
    source.onopen = () => tell((before) => ({ ...before, state: 'live' }));
    source.onerror = () =>
      tell((before) => ({ ...before, state: source.readyState === EventSource.CLOSED ? 'ended' : 'opening' }));
    source.onmessage = ({ data }: MessageEvent<string>) => {
      const event = parsed(data) as EventView;
      tell((before) => ({
        state: 'live',
        events: [event, ...before.events.filter(({ id }) => id !== event.id)].slice(0, KEPT),
      }));
    };
    source.addEventListener('behind', onBehind);
    return () => source.close();
    // A stream goes on by itself: what came is no reason to open another one.
  }, [key, isVisible]);
  return { events, state: live.key === key && head !== undefined ? live.state : 'off' };
};
