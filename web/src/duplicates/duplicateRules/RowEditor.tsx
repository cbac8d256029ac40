import { ActionIcon, Checkbox, NumberInput, Select, Slider } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { MethodKey, Row } from "~/api/duplicates";
import type { Field, ObjectDef } from "~/api/types";
import { useLabel } from "~/i18n";
import { comparable, counterpart, fits, methodsFor, USUAL, withMethod } from "../methods";
import classes from "./rules.module.css";

type Props = { own: ObjectDef; other: ObjectDef; row: Row; error?: string; onChange: (row: Row) => void; onRemove?: () => void };

/** A field against a field: which, by what method, and what two blanks come to. */
export function RowEditor({ own, other, row, error, onChange, onRemove }: Props) {
  const { t } = useTranslation("duplicateRules");
  const label = useLabel();
  const field = own.fields.find((it) => it.key === row.field);
  const choices = (fields: Field[], chosen: string) => {
    const data = fields.map((it) => ({ value: it.key, label: label(it.label) }));
    // One that is there no more is still seen.
    return chosen && !data.some((it) => it.value === chosen) ? [{ value: chosen, label: chosen }, ...data] : data;
  };
  const choose = (key: string) => {
    const next = own.fields.find((it) => it.key === key);
    if (!next) return;
    const methods = methodsFor(next);
    const kept = field && methods.includes(row.method) ? row.method : (methods[0] ?? "exact");
    const known = other.fields.find((it) => it.key === row.other);
    const there = known && fits(next, known) && other.key !== own.key ? known.key : counterpart(next, other);
    onChange(withMethod({ ...row, field: key, other: there }, kept));
  };
  return (
    <div className={classes.row}>
      <Select label={t("ownField", { object: label(own.label) })} searchable allowDeselect={false} data={choices(own.fields.filter(comparable), row.field)} value={row.field || null} onChange={(key) => key && choose(key)} />
      <Select
        label={t("otherField", { object: label(other.label) })}
        searchable
        allowDeselect={false}
        data={choices(other.fields.filter((it) => field && fits(field, it)), row.other)}
        value={row.other || null}
        onChange={(key) => key && onChange({ ...row, other: key })}
      />
      <Select label={t("method")} allowDeselect={false} data={[...new Set<MethodKey>([...(field ? methodsFor(field) : []), row.method])].map((method) => ({ value: method, label: t(`methods.${method}`) }))} value={row.method} onChange={(method) => method && onChange(withMethod(row, method as MethodKey))} />
      {onRemove ? (
        <ActionIcon mt={26} aria-label={t("removeRow", { field: label(field?.label) || row.field })} onClick={onRemove}>
          <IconX size={16} />
        </ActionIcon>
      ) : (
        <span />
      )}
      <div className={classes.rowFoot}>
        <Setting row={row} onChange={onChange} />
        <Checkbox size="xs" mt={8} label={t("blankEqual")} checked={row.blank === "equal"} onChange={(event) => onChange({ ...row, blank: event.currentTarget.checked ? "equal" : "never" })} />
      </div>
      {error && (
        <p className={classes.rowError} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

/** What the method wants to know: from how many percent, within how many days. */
function Setting({ row, onChange }: Pick<Props, "row" | "onChange">) {
  const { t } = useTranslation("duplicateRules");
  if (row.method === "fuzzy") {
    const threshold = row.threshold ?? USUAL.threshold;
    return (
      <div className={classes.setting} style={{ flex: "1 1 240px", maxWidth: 380 }}>
        <span className={classes.sliderLine}>
          <Slider min={50} max={100} step={1} label={null} size="sm" value={threshold} onChange={(value) => onChange({ ...row, threshold: value })} thumbLabel={t("threshold")} marks={[{ value: 70 }, { value: USUAL.threshold }]} />
          <output>{t("percent", { value: threshold })}</output>
        </span>
      </div>
    );
  }
  if (row.method === "within_days") return <NumberInput size="xs" w={150} min={0} max={3650} allowDecimal={false} aria-label={t("days")} suffix={` ${t("daysSuffix")}`} value={row.days ?? USUAL.days} onChange={(days) => onChange({ ...row, days: Number(days) || 0 })} />;
  if (row.method === "within_percent") return <NumberInput size="xs" w={150} min={0} max={100} allowDecimal={false} aria-label={t("percentOff")} suffix=" %" value={row.percent ?? USUAL.percent} onChange={(percent) => onChange({ ...row, percent: Number(percent) || 0 })} />;
  return null;
}
