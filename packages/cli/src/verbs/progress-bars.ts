import type { Progress } from '@learnamp/directory-sync';
import type { SingleBar } from 'cli-progress';
import type { OutputStream } from '../command-line/output.js';

const names: Readonly<Record<Progress['step'], string>> = {
  fold: 'Reading the log',
  write: 'Writing rows',
  groups: 'Reading groups',
  users: 'Reading changes',
  profiles: 'Reading profiles',
  confirm: 'Confirming leavers',
  accounts: 'Reading Learn Amp',
  deliver: 'Sending to Learn Amp',
  plan: 'Planning',
};

export type ProgressBars = {
  readonly show: (progress: Progress) => void;
  /** Clears the line, before anything else is printed. */
  readonly stop: () => void;
};

const none: ProgressBars = { show: () => undefined, stop: () => undefined };

/** One line that is drawn over, on a terminal; nothing elsewhere. */
export const openProgressBars = async (stream: OutputStream | undefined): Promise<ProgressBars> => {
  if (stream === undefined) return none;
  const { default: progress } = await import('cli-progress');
  let bar: SingleBar | undefined;
  let shown: Progress['step'] | undefined;
  const stop = (): void => {
    bar?.stop();
    bar = undefined;
    shown = undefined;
  };
  const start = (step: Progress['step'], total: number | undefined): SingleBar => {
    stop();
    const rate = step === 'fold' ? ' {rate}' : '';
    const format =
      total === undefined ? `${names[step]} {value}${rate}` : `${names[step]} {bar} {value}/{total}${rate}`;
    const next = new progress.SingleBar(
      { stream, format, hideCursor: true, clearOnComplete: true, barsize: 30, gracefulExit: false },
      progress.Presets.shades_classic,
    );
    next.start(total ?? 0, 0, { rate: '' });
    shown = step;
    return next;
  };
  let sized = false;
  return {
    show: ({ step, done, total, rate }) => {
      if (bar === undefined || shown !== step || sized !== (total !== undefined)) bar = start(step, total);
      sized = total !== undefined;
      if (total !== undefined) bar.setTotal(total);
      bar.update(done, { rate: rate === undefined ? '' : `${rate} events/s` });
    },
    stop,
  };
};
