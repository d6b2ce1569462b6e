import { useState } from 'react';

type Typed = {
  readonly value: ReadonlyArray<string>;
  readonly onChange: (value: ReadonlyArray<string>) => void;
  readonly labelledBy?: string;
  readonly id?: string;
  readonly lines?: boolean;
};

const parts = (text: string, lines: boolean): ReadonlyArray<string> =>
  text
    .split(lines ? /[\n,]/ : ',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Several words that somebody types: kept as they are typed, so that a comma may stand at the end for a while. */
export const TypedList = ({ value, onChange, labelledBy, id, lines = false }: Typed) => {
  const [text, setText] = useState(value.join(lines ? '\n' : ', '));
  const type = (typed: string): void => {
    setText(typed);
    onChange(parts(typed, lines));
  };
  return lines ? (
    <textarea
      id={id}
      aria-labelledby={labelledBy}
      rows={4}
      value={text}
      onChange={(event) => type(event.target.value)}
    />
  ) : (
    <input id={id} aria-labelledby={labelledBy} value={text} onChange={(event) => type(event.target.value)} />
  );
};
