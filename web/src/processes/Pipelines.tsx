import { ActionIcon, Badge, Button, Switch, Text, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconChevronDown, IconChevronUp, IconPlus, IconRoute } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { put } from "~/api/http";
import { messageOf } from "~/api/problem";
import { keys, useMe, useObject } from "~/api/queries";
import type { Process } from "~/api/types";
import { useLabel } from "~/i18n";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { StageDot } from "./StageDot";
import classes from "./editor.module.css";
import { swapped } from "./precedence";
import { bodyOf } from "./processDraft";
import { useProcesses } from "./useBoard";

/** The sales processes in the order in which they are tried. */
export function Pipelines() {
  const { t } = useTranslation("processes");
  const label = useLabel();
  const me = useMe();
  const client = useQueryClient();
  const processes = useProcesses();
  const options = useObject("opportunity")?.fields.find((field) => field.key === "stage")?.options ?? [];
  const items = [...(processes.data?.items ?? [])].sort((a, b) => a.precedence - b.precedence);

  const save = useMutation({
    mutationFn: async (changed: Process[]) => {
      for (const process of changed) await put(`/processes/${process.id}`, bodyOf(process), { ifMatch: process.version });
    },
    onError: (error) => notifications.show({ color: "red", icon: <IconAlertTriangle size={18} />, title: t("errors"), message: messageOf(error) }),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.processes });
      void client.invalidateQueries({ queryKey: ["board"] });
    },
  });

  return (
    <Page
      title={t("pipelines")}
      above={t("pipelinesHint")}
      actions={
        me.admin && (
          <Button component={Link} to="/admin/pipelines/new" leftSection={<IconPlus size={16} />}>
            {t("newPipeline")}
          </Button>
        )
      }
    >
      {processes.isError && <ErrorState error={processes.error} onRetry={() => void processes.refetch()} />}
      {processes.isPending && <RowSkeletons rows={4} height={48} />}
      {processes.isSuccess && items.length === 0 && (
        <EmptyState icon={<IconRoute size={32} />} title={t("pipelinesEmpty")}>
          {t("pipelinesEmptyHint")}
        </EmptyState>
      )}
      <ol className={classes.pipelineList}>
        {items.map((process, index) => (
          <li key={process.id} className={classes.pipeline} data-inactive={!process.active || undefined}>
            <div className={classes.order}>
              <ActionIcon
                size="sm"
                bg="transparent"
                disabled={!me.admin || index === 0 || save.isPending}
                aria-label={t("raise", { name: process.name })}
                onClick={() => save.mutate(swapped(items, index, index - 1))}
              >
                <IconChevronUp size={15} />
              </ActionIcon>
              <Tooltip label={t("precedenceHint")}>
                <span className="figures">{index + 1}</span>
              </Tooltip>
              <ActionIcon
                size="sm"
                bg="transparent"
                disabled={!me.admin || index === items.length - 1 || save.isPending}
                aria-label={t("lower", { name: process.name })}
                onClick={() => save.mutate(swapped(items, index, index + 1))}
              >
                <IconChevronDown size={15} />
              </ActionIcon>
            </div>
            <div className={classes.pipelineText}>
              <Link to="/admin/pipelines/$id" params={{ id: process.id }} className={classes.pipelineName}>
                {process.name}
              </Link>
              {process.description && (
                <Text size="sm" c="dimmed" lineClamp={2}>
                  {process.description}
                </Text>
              )}
              <div className={classes.pipelineStages}>
                {process.stages.map((stage) => {
                  const option = options.find((it) => it.key === stage.stage);
                  return (
                    <span key={stage.stage} className={classes.pipelineStage}>
                      <StageDot type={option?.stage_type ?? "in_progress"} /> {label(option?.label) || stage.stage}
                    </span>
                  );
                })}
              </div>
            </div>
            <div className={classes.pipelineState}>
              <Badge color={process.active ? "brand" : "gray"}>{t("version", { version: process.version })}</Badge>
              <Switch
                size="sm"
                label={t("active")}
                checked={process.active}
                disabled={!me.admin || save.isPending}
                onChange={(event) => save.mutate([{ ...process, active: event.currentTarget.checked }])}
              />
            </div>
          </li>
        ))}
      </ol>
    </Page>
  );
}
