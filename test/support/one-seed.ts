import fc from 'fast-check';

// Where branches are counted the properties try the same values every time: else a count would differ from run to run.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 1 });
