import type { Why } from '@learnamp/directory-sync';

type ToldEvent = Why['events'][number];
type ToldCommand = Why['commands'][number];

/** An event as it is told, with a control character in its words. */
export const toldEvent = (change: Partial<ToldEvent> = {}): ToldEvent => ({
  revision: '3',
  recordedAt: '2026-01-01T00:00:00.000Z',
  type: 'JobTitleChanged',
  source: 'graph',
  says: 'job title: Writer\u001b[2J -> Editor',
  graphRequestId: 'request-7',
  correlationId: 'c',
  causationId: 'c',
  data: {},
  ...change,
});

/** What followed from it. */
export const toldCommand = (change: Partial<ToldCommand> = {}): ToldCommand => ({
  commandId: 'command-9',
  kind: 'UpdateProfile',
  revision: '4',
  recordedAt: '2026-01-01T00:00:01.000Z',
  correlationId: 'c',
  because: ['3'],
  reason: 'job title: Writer -> Editor',
  risk: 'safe',
  approved: false,
  before: { jobTitle: 'Writer' },
  after: { jobTitle: 'Editor' },
  receipt: { outcome: 'succeeded', revision: '5', recordedAt: '2026-01-01T00:00:02.000Z', says: 'done' },
  ...change,
});
