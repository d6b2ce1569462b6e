import type { Command } from '../commands.js';
import type { DeliveredPerson } from '../delivery/delivered-person.js';

const sameData = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const left = Object.entries(a).filter(([, value]) => value !== undefined);
  const right = new Map(Object.entries(b).filter(([, value]) => value !== undefined));
  return left.length === right.size && left.every(([key, value]) => right.has(key) && sameData(value, right.get(key)));
};

/** Learn Amp refused this very command: it is not sent again before something of its content changes. */
export const isRefused = (delivered: DeliveredPerson, command: Command): boolean => {
  const rejected = delivered.rejected[command.kind];
  return rejected !== undefined && sameData(rejected.command, command);
};
