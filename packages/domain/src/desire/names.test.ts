import { describe, expect, test } from 'vitest';
import { namesFrom } from './names.js';

const names = (givenName?: string, surname?: string, displayName?: string) => {
  const { firstName, lastName } = namesFrom({ givenName, surname, displayName });
  return [firstName, lastName];
};

describe('FC-58: people without a given name or surname', () => {
  test('names that are there are taken as they are', () => {
    expect(names('Ann', 'Archer', 'Dr. Ann B. Archer')).toEqual(['Ann', 'Archer']);
  });
  test('the last word of the display name is the surname, the rest the first name', () => {
    expect(names(undefined, undefined, 'Ann Maria  Archer')).toEqual(['Ann Maria', 'Archer']);
  });
  test('one word serves as both', () => {
    expect(names(undefined, undefined, 'Boardroom')).toEqual(['Boardroom', 'Boardroom']);
    expect(names('Suharto', undefined, 'Suharto')).toEqual(['Suharto', 'Suharto']);
  });
  test('only the missing one is derived', () => {
    expect(names('Ann', undefined, 'Annabel Archer')).toEqual(['Ann', 'Archer']);
    expect(names(undefined, 'Archer-Smith', 'Ann Archer')).toEqual(['Ann', 'Archer-Smith']);
  });
  test('without a display name the known name serves as both', () => {
    expect(names('Ann')).toEqual(['Ann', 'Ann']);
    expect(names(undefined, 'Archer')).toEqual(['Archer', 'Archer']);
  });
  test('blank names are missing names', () => {
    expect(names(' ', '\t', ' Ann Archer ')).toEqual(['Ann', 'Archer']);
  });
  test('where nothing is known there is no name', () => {
    expect(names()).toEqual([undefined, undefined]);
    expect(names('', '', ' ')).toEqual([undefined, undefined]);
  });
});
