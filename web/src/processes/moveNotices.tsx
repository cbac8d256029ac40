import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconArrowBackUp, IconCheck, IconRubberStamp, IconTrophy } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { messageOf } from "~/api/problem";
import type { Path, Rec, Requirement } from "~/api/types";
import { labelIn, useLanguage } from "~/i18n";
import classes from "./moveNotices.module.css";
import { isClosed, pathQuery, useMove } from "./useMove";

const UNDO_TIME = 10_000;

function Celebration() {
  return (
    <span className={classes.celebration} aria-hidden="true">
      <IconTrophy size={20} />
      {Array.from({ length: 8 }, (_, index) => (
        <i key={index} className={classes.spark} />
      ))}
    </span>
  );
}

// The server tells where one may go back to, for nothing but a reason.
function mayGoBack(path: Path, stage: string): boolean {
  const target = path.stages.find((it) => it.key === stage);
  return target !== undefined && target.reachable && target.requirements.every((it) => it.code === "stage.reason_required");
}

/** Tells how a move ended, and offers to take it back where that is allowed. */
export function useMoveNotices() {
  const { t } = useTranslation("processes");
  const language = useLanguage();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { mutateAsync: move } = useMove();

  return useMemo(() => {
    const nameOf = (record: Rec) => String(record.fields["name"] ?? t("unnamed"));

    const failed = (error: unknown) =>
      notifications.show({ color: "red", icon: <IconAlertTriangle size={18} />, title: t("refused"), message: messageOf(error) });

    const waits = (requirement: Requirement, path: Path) => {
      const id = `waits-${path.approval?.id}`;
      const open = () => {
        notifications.hide(id);
        void navigate({ to: "/approvals/$id", params: { id: path.approval?.id ?? "" } });
      };
      notifications.show({
        id,
        color: "yellow",
        icon: <IconRubberStamp size={18} />,
        title: t("refused"),
        message: (
          <Group justify="space-between" wrap="nowrap" gap="sm">
            <Text size="sm">{requirement.message}</Text>
            <Button size="compact-sm" variant="light" flex="none" onClick={open}>
              {t("open", { ns: "approvals" })}
            </Button>
          </Group>
        ),
      });
    };

    const conflict = (card: Rec, present?: Rec) =>
      notifications.show({
        color: "yellow",
        icon: <IconAlertTriangle size={18} />,
        title: t("conflictTitle"),
        message: t("conflict", { name: nameOf(present ?? card) }),
      });

    const undo = async (record: Rec, path: Path, stage: string, notice: string) => {
      notifications.hide(notice);
      try {
        await move({ id: record.id, version: record.version, stage, reason: t("undoReason"), reopen: isClosed(path) });
        const target = path.stages.find((it) => it.key === stage);
        notifications.show({
          icon: <IconArrowBackUp size={18} />,
          message: t("undone", { name: nameOf(record), stage: target ? labelIn(target.label, language) : stage }),
        });
      } catch (error) {
        failed(error);
      }
    };

    const moved = async (record: Rec, from: string) => {
      let path: Path | undefined;
      try {
        path = await client.fetchQuery({ ...pathQuery(record.id), staleTime: 0 });
      } catch {
        // The move has been made; not knowing the way back is no reason to keep silent about it.
      }
      const reached = path?.stages.find((it) => it.key === path.current);
      const name = nameOf(record);
      const won = reached?.type === "won";
      const notice = `moved-${record.id}`;
      const back = path && mayGoBack(path, from) ? path : undefined;
      notifications.hide(notice);
      notifications.show({
        id: notice,
        color: won ? "yellow.8" : undefined,
        icon: won ? <Celebration /> : <IconCheck size={18} />,
        title: won ? t("wonTitle") : undefined,
        autoClose: UNDO_TIME,
        message: (
          <Group justify="space-between" wrap="nowrap" gap="sm">
            <Text size="sm">{won ? t("wonText", { name }) : t("moved", { name, stage: reached ? labelIn(reached.label, language) : "" })}</Text>
            {back && (
              <Button size="compact-sm" variant="light" flex="none" onClick={() => void undo(record, back, from, notice)}>
                {t("undo")}
              </Button>
            )}
          </Group>
        ),
      });
    };

    const changed = (record: Rec, process: string) =>
      notifications.show({ icon: <IconCheck size={18} />, message: t("change.done", { ns: "path", name: nameOf(record), process }) });

    return { changed, moved: (record: Rec, from: string) => void moved(record, from), waits, conflict, failed };
  }, [t, language, client, move, navigate]);
}
