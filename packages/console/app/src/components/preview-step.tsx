import { JobProgress, type Jobs } from './job-panel.js';
import { PreviewResult } from './preview-result.js';

type Part = { readonly jobs: Jobs };

/** Shows what a sync would do, by both sides as they are now. */
export const PreviewButton = ({ jobs: { begin, isRunning } }: Part) => (
  <button
    type="button"
    className="plain"
    disabled={isRunning('preview')}
    onClick={() => begin.mutate({ kind: 'preview' })}
  >
    Preview
  </button>
);

export const PreviewOutcome = ({ company, jobs: { of, stop } }: Part & { readonly company: string }) => (
  <>
    <JobProgress job={of('preview')} stop={() => stop.mutate('preview')} />
    <PreviewResult company={company} job={of('preview')} />
  </>
);
