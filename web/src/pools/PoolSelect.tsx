import { Select, type SelectProps } from "@mantine/core";
import { useObject } from "~/api/queries";
import { useLabel } from "~/i18n";
import { POOL } from "./poolFilter";

type Props = Omit<SelectProps, "data" | "value" | "onChange"> & { object: string; /** Not offered: where it lies already. */ except?: string | null; value: string | null; onChange: (pool: string | null) => void };

/** Chooses one of an object's pools: they are the options of its field. */
export function PoolSelect({ object, except, value, onChange, ...rest }: Props) {
  const label = useLabel();
  const options = usePoolOptions(object).filter((it) => it.active && it.key !== except);
  return <Select {...rest} data={options.map((it) => ({ value: it.key, label: label(it.label) }))} value={value} onChange={onChange} />;
}

/** The pools of an object, as its field names them. */
export function usePoolOptions(object: string) {
  return useObject(object)?.fields.find((field) => field.key === POOL)?.options ?? [];
}
