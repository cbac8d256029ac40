import { ActionIcon, SegmentedControl, Select } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./periods.module.css";
import { LENGTHS, lengthOf, plus, seenAs, type Length, type Period } from "./periods";
import { useFiscal, usePeriodName } from "./usePeriods";

type Props = { value: Period; onChange: (period: Period) => void; lengths?: Length[] };

/** Periods that are offered before and after the chosen one. */
const AROUND = { month: 12, quarter: 6, year: 4 };

/** A month, a quarter or a year: how long, and which. */
export function PeriodPicker({ value, onChange, lengths = LENGTHS }: Props) {
  const { t } = useTranslation("periods");
  const { fiscalStart, day } = useFiscal();
  const name = usePeriodName();
  const length = lengthOf(value);
  const present = seenAs(value, length, day, fiscalStart);
  const around = AROUND[length];
  const offered = Array.from({ length: around * 2 + 1 }, (_, at) => plus(present, at - around));
  return (
    <div className={classes.picker} role="group" aria-label={t("period")}>
      {lengths.length > 1 && (
        <SegmentedControl size="sm" aria-label={t("length")} value={length} onChange={(next) => onChange(seenAs(value, next as Length, day, fiscalStart))} data={lengths.map((one) => ({ value: one, label: t(one) }))} />
      )}
      <div className={classes.which}>
        <ActionIcon variant="default" size="input-sm" aria-label={t("before", { period: name(plus(value, -1)) })} onClick={() => onChange(plus(value, -1))}>
          <IconChevronLeft size={17} />
        </ActionIcon>
        <Select className={classes.name} aria-label={t("period")} allowDeselect={false} data={offered.map((one) => ({ value: one, label: name(one) }))} value={value} onChange={(next) => next && onChange(next)} maxDropdownHeight={320} />
        <ActionIcon variant="default" size="input-sm" aria-label={t("after", { period: name(plus(value, 1)) })} onClick={() => onChange(plus(value, 1))}>
          <IconChevronRight size={17} />
        </ActionIcon>
      </div>
    </div>
  );
}
