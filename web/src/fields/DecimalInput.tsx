import { TextInput, type TextInputProps } from "@mantine/core";
import { useEffect, useState } from "react";
import { readDecimal } from "./decimals";

type Props = Omit<TextInputProps, "value" | "onChange"> & { value: string | number | null | undefined; onChange: (value: string | null) => void };

/** Keeps what is typed exactly as typed and hands over the number it means; no digit passes through a float. */
export function DecimalInput({ value, onChange, ...rest }: Props) {
  const outside = value === null || value === undefined ? "" : String(value);
  const [typed, setTyped] = useState(outside);
  useEffect(() => {
    setTyped((now) => ((readDecimal(now) ?? "") === outside ? now : outside));
  }, [outside]);
  return (
    <TextInput
      {...rest}
      inputMode="decimal"
      value={typed}
      styles={{ input: { fontVariantNumeric: "tabular-nums" } }}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        onChange(readDecimal(event.currentTarget.value));
      }}
    />
  );
}
