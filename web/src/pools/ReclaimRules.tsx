import { ActionIcon, Button, NumberInput, Select, TagsInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { WITHOUT, type Reclaim } from "~/api/pools";
import type { Violation } from "~/api/types";
import { Findings } from "~/processes/Findings";
import classes from "./pools.module.css";
import { newReclaim, warningsOf } from "./reclaim";

/** When a record is taken back, and when its owner is warned before. */
export function ReclaimRules({ value, findings, onChange }: { value: Reclaim[]; findings: Violation[]; onChange: (rules: Reclaim[]) => void }) {
  const { t } = useTranslation("pools");
  const set = (index: number, change: Partial<Reclaim>) => onChange(value.map((rule, at) => (at === index ? { ...rule, ...change } : rule)));
  return (
    <>
      {value.length > 0 && (
        <ol className={classes.reclaim}>
          {value.map((rule, index) => (
            <li key={rule.key} className={classes.reclaimRule}>
              <Select label={t("withoutLabel")} allowDeselect={false} data={WITHOUT.map((it) => ({ value: it, label: t(`without.${it}`) }))} value={rule.without} onChange={(without) => without && set(index, { without: without as Reclaim["without"] })} />
              <NumberInput label={t("days")} min={1} max={3_650} allowDecimal={false} allowNegative={false} value={rule.days} onChange={(days) => set(index, { days: Number(days) || 0 })} />
              <TagsInput label={t("warn")} description={t("warnHint")} inputWrapperOrder={["label", "input", "description", "error"]} placeholder={rule.warn_days_before.length === 0 ? t("warnPlaceholder") : undefined} value={rule.warn_days_before.map(String)} onChange={(days) => set(index, { warn_days_before: warningsOf(days) })} />
              <ActionIcon mt={28} size={30} aria-label={t("removeReclaim", { number: index + 1 })} onClick={() => onChange(value.filter((_, at) => at !== index))}>
                <IconX size={16} />
              </ActionIcon>
            </li>
          ))}
        </ol>
      )}
      <Findings findings={findings} />
      <Button variant="default" size="compact-md" w="fit-content" leftSection={<IconPlus size={15} />} onClick={() => onChange([...value, newReclaim(value)])}>
        {t("addReclaim")}
      </Button>
    </>
  );
}
