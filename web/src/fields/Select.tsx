import { MultiSelect, Select } from "@mantine/core";
import type { Field, Option, Value } from "~/api/types";
import { useLabel } from "~/i18n";
import { inputProps, type EditProps, type FieldKind, type ShowProps } from "./contract";
import { OptionBadge } from "./OptionBadge";
import classes from "./OptionBadge.module.css";

function optionOf(field: Field, key: Value): Option | undefined {
  return field.options?.find((option) => option.key === key);
}

/** Options one may choose: the active ones, and whatever is chosen already. */
function useChoices(field: Field, chosen: string[]) {
  const label = useLabel();
  return (field.options ?? []).filter((option) => option.active || chosen.includes(option.key)).map((option) => ({ value: option.key, label: label(option.label) }));
}

function SelectShow({ field, value, dense }: ShowProps) {
  const option = optionOf(field, value);
  return option ? <OptionBadge option={option} plain={dense || !option.colour} /> : <>{String(value ?? "")}</>;
}

function SelectEdit(props: EditProps) {
  const choices = useChoices(props.field, props.value ? [String(props.value)] : []);
  return <Select {...inputProps(props)} data={choices} value={(props.value as string) ?? null} onChange={props.onChange} clearable={!props.required} searchable={choices.length > 8} comboboxProps={{ withinPortal: true }} />;
}

export const select: FieldKind = { Show: SelectShow, Edit: SelectEdit };

function MultiSelectShow({ field, value }: ShowProps) {
  if (!Array.isArray(value)) return null;
  return (
    <span className={classes.many}>
      {value.map((key) => {
        const option = optionOf(field, key);
        return option ? <OptionBadge key={key} option={option} /> : <span key={key}>{key}</span>;
      })}
    </span>
  );
}

function MultiSelectEdit(props: EditProps) {
  const chosen = Array.isArray(props.value) ? props.value : [];
  const choices = useChoices(props.field, chosen);
  return <MultiSelect {...inputProps(props)} data={choices} value={chosen} onChange={props.onChange} searchable={choices.length > 8} clearable />;
}

export const multiSelect: FieldKind = { Show: MultiSelectShow, Edit: MultiSelectEdit, wide: true };
