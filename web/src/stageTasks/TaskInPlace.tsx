import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useStageTasks } from "~/api/stageTasks";
import type { Rec } from "~/api/types";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { TaskBody } from "./TaskBody";

/** One task of a deal, done wherever it stands in somebody's way. */
export function TaskInPlace({ deal, task: id, onDone }: { deal: Rec; task: string; onDone: () => void }) {
  const { t } = useTranslation("stageTasks");
  const tasks = useStageTasks(deal.id);
  if (tasks.isError) return <ErrorState compact error={tasks.error} onRetry={() => void tasks.refetch()} />;
  if (!tasks.data) return <RowSkeletons rows={2} />;
  const task = tasks.data.items.find((one) => one.id === id);
  if (!task || task.state !== "open") {
    return (
      <Text size="sm" c="dimmed">
        {t("gone")}
      </Text>
    );
  }
  return (
    <>
      {task.instructions && (
        <Text size="sm" c="dimmed" mb="xs" style={{ whiteSpace: "pre-line" }}>
          {task.instructions}
        </Text>
      )}
      <TaskBody task={task} deal={deal} refs={{ ...deal.refs, ...tasks.data.refs }} onDone={({ task: done }) => done?.state !== "open" && onDone()} onCancel={onDone} />
    </>
  );
}
