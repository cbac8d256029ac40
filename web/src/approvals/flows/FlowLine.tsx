import { useSortable } from "@dnd-kit/react/sortable";
import { ActionIcon, Menu, Switch } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconCopy, IconDots, IconGripVertical, IconPencil, IconTrash } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { documentOf, useSaveFlow, type Flow } from "~/api/approvalFlows";
import { told } from "~/objects/told";
import { toldOfRefusal } from "~/ui/undoable";
import classes from "./flows.module.css";
import { useTriggerText } from "./useWords";

type Props = { flow: Flow; index: number; last: boolean; /** In words. */ condition: string | undefined; onMove: (by: 1 | -1) => void; onDelete: () => void };

/** One flow of the list: its place, what it catches, how many approvals of it run, and whether it is in force. */
export function FlowLine({ flow, index, last, condition, onMove, onDelete }: Props) {
  const { t } = useTranslation("flows");
  const navigate = useNavigate();
  const trigger = useTriggerText();
  const save = useSaveFlow();
  const { ref, handleRef, isDragSource } = useSortable({ id: flow.id, index });
  const turn = (active: boolean) =>
    save.mutate({ document: { ...documentOf(flow), active }, over: flow }, { onSuccess: () => told(t(active ? "turnedOn" : "turnedOff", { ns: "ui", name: flow.name })), onError: toldOfRefusal });
  return (
    <li ref={ref} className={classes.line} data-off={!flow.active || undefined} data-dragging={isDragSource || undefined}>
      <ActionIcon ref={handleRef} className={classes.handle} aria-label={t("moveFlow", { name: flow.name })}>
        <IconGripVertical size={16} />
      </ActionIcon>
      <span className={classes.place}>{index + 1}</span>
      <div className={classes.what}>
        <Link to="/admin/approval-flows/$flow" params={{ flow: flow.id }} className={classes.name}>
          {flow.name}
        </Link>
        <p className={classes.fine}>
          {trigger(flow)}
          {condition && ` · ${t("onlyWhen", { condition })}`}
        </p>
      </div>
      <span className={classes.count}>{flow.running ? t("running", { count: flow.running }) : ""}</span>
      <Switch size="sm" aria-label={`${t("active")}: ${flow.name}`} checked={flow.active} disabled={save.isPending} onChange={(event) => turn(event.currentTarget.checked)} />
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={t("actsOf", { name: flow.name })}>
            <IconDots size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => void navigate({ to: "/admin/approval-flows/$flow", params: { flow: flow.id } })}>
            {t("edit", { ns: "ui" })}
          </Menu.Item>
          <Menu.Item leftSection={<IconCopy size={15} />} onClick={() => void navigate({ to: "/admin/approval-flows/$flow", params: { flow: "new" }, search: { copy: flow.id } })}>
            {t("copy")}
          </Menu.Item>
          <Menu.Item leftSection={<IconArrowUp size={15} />} disabled={index === 0} onClick={() => onMove(-1)}>
            {t("moveUp")}
          </Menu.Item>
          <Menu.Item leftSection={<IconArrowDown size={15} />} disabled={last} onClick={() => onMove(1)}>
            {t("moveDown")}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconTrash size={15} />} disabled={flow.active} c={flow.active ? undefined : "var(--danger)"} onClick={onDelete}>
            {flow.active ? t("deleteOff") : t("delete", { ns: "ui" })}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}
