import { Group, Input, NumberInput, Select } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { TimeIn } from "~/api/processes";
import { fromDaysAndHours, toDaysAndHours } from "../duration";
import classes from "./pipelines.module.css";

type Props = {
  label: string;
  hint?: string;
  seconds: number | null | undefined;
  /** Which time counts, where that can be chosen. */
  timeIn?: TimeIn | null;
  /** 0 is a duration too, and not the lack of one. */
  zero?: boolean;
  error?: string;
  onChange: (seconds: number | undefined) => void;
  onTimeIn?: (timeIn: TimeIn) => void;
};

const number = (value: string | number) => (typeof value === "number" ? value : Number(value) || 0);

/** A duration in days and hours, and which time counts. */
export function DurationInput({ label, hint, seconds, timeIn, zero, error, onChange, onTimeIn }: Props) {
  const { t } = useTranslation("pipelines");
  const id = useId();
  const { days, hours } = toDaysAndHours(seconds);
  const put = (nextDays: number, nextHours: number) => onChange(fromDaysAndHours(nextDays, nextHours) ?? (zero ? 0 : undefined));
  return (
    <Input.Wrapper label={label} labelProps={{ htmlFor: id }} description={hint} inputWrapperOrder={["label", "input", "description", "error"]} error={error}>
      <Group gap="xs" wrap="nowrap" className={classes.duration}>
        <NumberInput id={id} aria-label={`${label}: ${t("days")}`} suffix={` ${t("dayCount", { count: days })}`} placeholder={t("days")} min={0} max={3650} allowDecimal={false} value={days || (zero && !hours ? 0 : "")} error={Boolean(error)} onChange={(value) => put(number(value), hours)} />
        <NumberInput aria-label={`${label}: ${t("hours")}`} suffix={` ${t("hourCount", { count: hours })}`} placeholder={t("hours")} min={0} max={23} allowDecimal={false} value={hours || ""} onChange={(value) => put(days, number(value))} />
        {onTimeIn && (
          <Select
            aria-label={`${label}: ${t("timeIn")}`}
            allowDeselect={false}
            data={(["calendar", "working"] as const).map((value) => ({ value, label: t(`times.${value}`) }))}
            value={timeIn ?? "calendar"}
            onChange={(value) => value && onTimeIn(value as TimeIn)}
          />
        )}
      </Group>
    </Input.Wrapper>
  );
}
