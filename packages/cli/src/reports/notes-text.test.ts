import type { Note, ObjectId } from '@learnamp/directory-sync';
import { expect, it } from 'vitest';
import { notesText } from './notes-text.js';

const plain = (text: string): string => text;
const style = { strong: plain, faint: plain, good: plain, warning: plain, bad: plain };
const person = (n: number) => `5f1c0b2a-0000-4000-8000-${String(n).padStart(12, '0')}` as ObjectId;
const cut = (n: number): Note => ({ userId: person(n), kind: 'shortened', reason: 'jobTitle' });

it('says nothing where there is nothing to say', () => {
  expect(notesText([], style, true)).toEqual([]);
});

it('names the attributes that Microsoft Graph does not take, and what to do', () => {
  const notes: ReadonlyArray<Note> = [
    { userId: null, kind: 'attribute-left-out', reason: 'shoeSize' },
    { userId: null, kind: 'attribute-left-out', reason: 'employeeHireDate' },
  ];
  expect(notesText(notes, style, false)).toEqual([
    'Attributes Microsoft Graph does not take shoeSize, employeeHireDate: left out, everything else was synced. Check attributes and customFields; the next full sync asks again.',
  ]);
});

it('says how the people were read', () => {
  const reason =
    'reads the whole tenant because 26 of the 100 people of the tenant are in the group, more than a quarter';
  expect(notesText([{ userId: null, kind: 'people-read', reason }], style, false)).toEqual([`Reading    ${reason}.`]);
});

it('counts people by what was left alone or cut', () => {
  const notes: ReadonlyArray<Note> = [
    cut(1),
    cut(2),
    { userId: person(3), kind: 'unusable-hire-date', reason: 'hireDate' },
    { userId: person(4), kind: 'unmapped-language', reason: 'language not offered by Learn Amp' },
  ];
  expect(notesText(notes, style, false)).toEqual([
    "Languages  1 person's language is not offered by Learn Amp and left alone; --verbose names them.",
    'Shortened  2 texts are too long for Learn Amp and cut; --verbose names them.',
    "Hire dates 1 person's hire date is no date and left alone; --verbose names them.",
  ]);
});

it('names them for those who look closer, up to a screenful', () => {
  const lines = notesText(
    Array.from({ length: 23 }, (_, n) => cut(n)),
    style,
    true,
  );
  expect(lines).toHaveLength(22);
  expect(lines[1]).toBe(`           ${person(0)} (jobTitle)`);
  expect(lines.at(-1)).toBe('           and 3 more.');
});
