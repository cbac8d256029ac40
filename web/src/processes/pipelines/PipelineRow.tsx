import { useSortable } from "@dnd-kit/react/sortable";
import { ActionIcon, Badge, Menu, Switch, Text } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconCopy, IconDots, IconGripVertical, IconHistory, IconPencil } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { activate, useAfterProcesses, type DraftSummary, type Process } from "~/api/processes";
import { useObject } from "~/api/queries";
import { useLabel } from "~/i18n";
import { told } from "~/objects/told";
import { Instant } from "~/ui/Instant";
import { toldOfRefusal } from "~/ui/undoable";
import { StageDot } from "../StageDot";
import classes from "./pipelines.module.css";

type Props = {
  process: Process;
  draft: DraftSummary | undefined;
  draftBy: string | undefined;
  index: number;
  last: boolean;
  editable: boolean;
  onMove: (by: 1 | -1) => void;
  onCopy: () => void;
};

/** One process of the list: its place, its stages at a glance, its version and draft, and whether it takes new deals. */
export function PipelineRow({ process, draft, draftBy, index, last, editable, onMove, onCopy }: Props) {
  const { t } = useTranslation("pipelines");
  const label = useLabel();
  const navigate = useNavigate();
  const after = useAfterProcesses();
  const options = useObject("opportunity")?.fields.find((field) => field.key === "stage")?.options ?? [];
  const { ref, handleRef, isDragSource } = useSortable({ id: process.id, index, disabled: !editable });
  const turn = useMutation({
    mutationFn: (active: boolean) => activate(process.id, active),
    onSuccess: (_, active) => told(t(active ? "activated" : "deactivated", { name: process.name })),
    onError: toldOfRefusal,
    onSettled: after,
  });
  return (
    <li ref={ref} className={classes.pipeline} data-inactive={!process.active || undefined} data-dragging={isDragSource || undefined}>
      {editable && (
        <ActionIcon ref={handleRef} className={classes.handle} aria-label={t("moveProcess", { name: process.name })}>
          <IconGripVertical size={16} />
        </ActionIcon>
      )}
      <span className={classes.place} title={t("precedenceHint")}>
        {index + 1}
      </span>
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
              <span key={stage.stage}>
                <StageDot type={option?.stage_type ?? "in_progress"} /> {label(option?.label) || stage.stage}
              </span>
            );
          })}
        </div>
      </div>
      <div className={classes.pipelineState}>
        {draft && (
          <span className={classes.draft} title={draftBy}>
            {t("draft")} · <Instant value={draft.at} relative />
          </span>
        )}
        <Badge color={process.active ? "brand" : "gray"}>{t("version", { version: process.version })}</Badge>
        <Switch size="sm" label={t("active")} aria-label={t("activeOf", { name: process.name })} checked={process.active} disabled={!editable || turn.isPending} onChange={(event) => turn.mutate(event.currentTarget.checked)} />
      </div>
      {editable && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label={t("actsOf", { stage: process.name })}>
              <IconDots size={17} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => void navigate({ to: "/admin/pipelines/$id", params: { id: process.id } })}>
              {t("edit", { ns: "ui" })}
            </Menu.Item>
            <Menu.Item leftSection={<IconHistory size={15} />} onClick={() => void navigate({ to: "/admin/pipelines/$id", params: { id: process.id }, search: { tab: "versions" } })}>
              {t("tabs.versions")}
            </Menu.Item>
            <Menu.Item leftSection={<IconCopy size={15} />} onClick={onCopy}>
              {t("copy")}
            </Menu.Item>
            <Menu.Item leftSection={<IconArrowUp size={15} />} disabled={index === 0} onClick={() => onMove(-1)}>
              {t("moveUp")}
            </Menu.Item>
            <Menu.Item leftSection={<IconArrowDown size={15} />} disabled={last} onClick={() => onMove(1)}>
              {t("moveDown")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}

/** A process that is drawn and was never published. */
export function NewDraftRow({ id, draft, by }: { id: string; draft: DraftSummary; by: string | undefined }) {
  const { t } = useTranslation("pipelines");
  return (
    <li className={classes.pipeline} data-inactive>
      <div className={classes.pipelineText}>
        <Link to="/admin/pipelines/$id" params={{ id }} className={classes.pipelineName}>
          {draft.name || t("untitled")}
        </Link>
        <Text size="sm" c="dimmed">
          {t("drawnBy", { name: by ?? t("somebody") })} <Instant value={draft.at} relative />
        </Text>
      </div>
      <span className={classes.draft}>{t("draft")}</span>
    </li>
  );
}
