import { useState } from 'react';

type Asked = {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly percent?: boolean;
};

/** A number, or a share that is shown in per cent. What is no number yet changes nothing. */
export const NumberField = ({ label, value, onChange, percent = false }: Asked) => {
  const [text, setText] = useState(String(percent ? Math.round(value * 10_000) / 100 : value));
  return (
    <label>
      {label}
      <input
        inputMode="decimal"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          const given = Number(event.target.value);
          if (event.target.value.trim() !== '' && Number.isFinite(given)) onChange(percent ? given / 100 : given);
        }}
      />
    </label>
  );
};
