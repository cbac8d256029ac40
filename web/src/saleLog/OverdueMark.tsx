import { Tooltip } from "@mantine/core";
import { IconAlarm } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Rec } from "~/api/types";
import classes from "./saleLog.module.css";

/** Beside the stage of a deal that has stood in it for longer than it may. */
export function OverdueMark({ record }: { record: Rec }) {
  const { t } = useTranslation("saleLog");
  if (record.fields["overdue"] !== true) return null;
  return (
    <Tooltip label={t("overdue")}>
      <span className={classes.overdue} role="img" aria-label={t("overdue")}>
        <IconAlarm size={14} aria-hidden />
      </span>
    </Tooltip>
  );
}
