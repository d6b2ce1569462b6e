import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Refusal } from '../api.js';
import { ago, at, statusWords } from '../words.js';

/** The moment it is, once every half minute. */
export const useNow = (): number => {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
};

export const Time = ({ moment }: { readonly moment: string | null | undefined }) => {
  const now = useNow();
  if (moment === null || moment === undefined) return <>never</>;
  return (
    <time dateTime={moment} title={at(moment)}>
      {ago(moment, now)}
    </time>
  );
};

type Tone = 'good' | 'bad' | 'warn' | 'quiet' | 'info';

export const Badge = ({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) => (
  <span className={`badge ${tone}`}>{children}</span>
);

const tones = { active: 'good', waiting: 'info', held: 'warn', parked: 'bad', left: 'quiet' } as const;

export const StatusBadge = ({ status }: { readonly status: keyof typeof statusWords }) => (
  <Badge tone={tones[status]}>{statusWords[status]}</Badge>
);

/** The heading of a page: it takes the focus when the page is opened, so that a screen reader tells where one is. */
export const Heading = ({ children, aside }: { readonly children: ReactNode; readonly aside?: ReactNode }) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    document.title = `${heading.current?.textContent ?? ''} · Directory Sync`;
  }, []);
  return (
    <header className="page-head">
      <h1 ref={heading} tabIndex={-1}>
        {children}
      </h1>
      {aside}
    </header>
  );
};

export const Card = ({ title, children }: { readonly title?: string; readonly children: ReactNode }) => (
  <section className="card" aria-label={title}>
    {title === undefined ? null : <h2>{title}</h2>}
    {children}
  </section>
);

export const Mistake = ({ refusal }: { readonly refusal: Refusal | null | undefined }) =>
  refusal === null || refusal === undefined ? null : (
    <p className="mistake" role="alert">
      {refusal.message}
    </p>
  );

export const Waiting = () => (
  <p className="waiting" role="status">
    Loading…
  </p>
);

export const Nothing = ({ children }: { readonly children: ReactNode }) => <p className="nothing">{children}</p>;

export const Facts = ({ facts }: { readonly facts: ReadonlyArray<readonly [string, ReactNode]> }) => (
  <dl className="facts">
    {facts.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
