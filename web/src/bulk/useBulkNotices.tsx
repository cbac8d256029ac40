import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconArrowBackUp, IconCheck } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { readAgain, undoBulk, type Bulk } from "~/api/bulk";
import { get } from "~/api/http";
import { messageOf } from "~/api/problem";
import { useLanguage } from "~/i18n";
import { formatDecimal } from "~/ui/format";

const UNDO_TIME = 15_000;
const POLL = 700;

/** Tells that an act on many has been done, and takes it back. */
export function useBulkNotices() {
  const { t } = useTranslation("bulk");
  const language = useLanguage();
  const client = useQueryClient();
  const shown = (count: number) => ({ count, shown: formatDecimal(count, language) });

  const undo = async (bulk: Bulk) => {
    notifications.hide(`bulk-${bulk.id}`);
    try {
      let undoing = await undoBulk(client, bulk);
      while (undoing.state === "running" && undoing.id) {
        await new Promise((resolve) => setTimeout(resolve, POLL));
        undoing = await get<Bulk>(`/bulk/${undoing.id}`);
      }
      void client.invalidateQueries({ queryKey: ["records", bulk.object] });
      void client.invalidateQueries({ queryKey: ["board"] });
      const left = undoing.refused > 0;
      notifications.show({
        icon: left ? <IconAlertTriangle size={18} /> : <IconArrowBackUp size={18} />,
        color: left ? "yellow.8" : undefined,
        message: [t("undone", shown(undoing.changed)), left ? t("refused", shown(undoing.refused)) : ""].filter(Boolean).join(" "),
      });
    } catch (error) {
      notifications.show({ color: "red", icon: <IconAlertTriangle size={18} />, message: messageOf(error) });
    }
  };

  const done = (bulk: Bulk) =>
    notifications.show({
      id: `bulk-${bulk.id}`,
      icon: <IconCheck size={18} />,
      autoClose: UNDO_TIME,
      message: (
        <Group justify="space-between" wrap="nowrap" gap="sm">
          <Text size="sm">{t(bulk.act === "void" ? "voidDone" : bulk.act === "restore" ? "restoreDone" : bulk.act === "delete" ? "deleteDone" : "allDone", shown(bulk.changed))}</Text>
          {bulk.undo && (
            <Button size="compact-sm" variant="light" flex="none" onClick={() => void undo(bulk)}>
              {t("undo")}
            </Button>
          )}
        </Group>
      ),
    });

  /** Tells of it once it is done, for those who have not waited at the dialog. */
  const follow = async (bulk: Bulk) => {
    let now = bulk;
    while (now.state === "running" && now.id) {
      await new Promise((resolve) => setTimeout(resolve, POLL));
      now = await get<Bulk>(`/bulk/${now.id}`);
    }
    if (now !== bulk) readAgain(client, bulk.object);
    if (now.changed > 0) done(now);
  };

  return { done, undo, follow };
}
