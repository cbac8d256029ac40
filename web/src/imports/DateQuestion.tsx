import { Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { DateOrder, FileColumn } from "~/api/imports";
import { useLanguage } from "~/i18n";
import { formatDay } from "~/ui/format";
import { bothDays } from "./bothDays";
import classes from "./imports.module.css";

/** Asks what day a text means that could be two: `3/4/2026`. */
export function DateQuestion({ column, busy, onAnswer }: { column: FileColumn; busy: boolean; onAnswer: (order: DateOrder) => void }) {
  const { t } = useTranslation("imports");
  const language = useLanguage();
  const example = column.dates?.example ?? column.samples.find((text) => bothDays(text) !== undefined);
  const days = example === undefined ? undefined : bothDays(example);
  if (!example || !days) return null;
  return (
    <section className={classes.question} aria-label={t("dateQuestion", { column: column.name })}>
      <Text size="sm">
        {t("dateAsk", { column: column.name })} <b className="figures">{example}</b>?
      </Text>
      <Group gap="xs">
        {(["dmy", "mdy"] as const).map((order) => (
          <Button key={order} size="compact-sm" variant="default" loading={busy} onClick={() => onAnswer(order)}>
            {formatDay(days[order], language)}
          </Button>
        ))}
      </Group>
    </section>
  );
}
