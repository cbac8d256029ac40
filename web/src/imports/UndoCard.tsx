import { Group, Text } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Import } from "~/api/imports";
import { useLanguage } from "~/i18n";
import { useDuration, useNow } from "~/processes/useDuration";
import { ConfirmButton } from "~/ui/ConfirmButton";
import { formatDecimal } from "~/ui/format";
import { Instant } from "~/ui/Instant";
import classes from "./imports.module.css";
import { useImportAct } from "./useImports";

/** The way back: for how long it is open, and afterwards what was taken back and what stays. */
export function UndoCard({ of }: { of: Import }) {
  const { t } = useTranslation("imports");
  const language = useLanguage();
  const duration = useDuration();
  const now = useNow();
  const act = useImportAct(of.id);
  const count = (value: number) => ({ count: value, shown: formatDecimal(value, language) });
  if (of.state === "undone" && of.undo) {
    const { deleted, put_back: back, stayed } = of.undo;
    return <p className={classes.undo}>{[t("undoneCreated", count(deleted)), t("undoneChanged", count(back)), stayed > 0 ? t("undoneStayed", count(stayed)) : ""].filter(Boolean).join(" ")}</p>;
  }
  if (!of.can.undo || !of.undo_until) return null;
  const left = Math.max(60, Math.floor((Date.parse(of.undo_until) - now) / 1000));
  return (
    <Group className={classes.undo} justify="space-between">
      <Text size="sm">
        {t("undoLeft", { time: duration(left) })} <Text span size="sm" c="dimmed">(<Instant value={of.undo_until} />)</Text>
      </Text>
      <ConfirmButton variant="default" size="compact-md" leftSection={<IconArrowBackUp size={16} />} title={t("undoTitle")} text={t("undoText", { created: formatDecimal(of.created, language), updated: formatDecimal(of.updated, language) })} confirm={t("undoIt")} danger onConfirm={() => act.mutateAsync("undo")}>
        {t("undoIt")}
      </ConfirmButton>
    </Group>
  );
}
