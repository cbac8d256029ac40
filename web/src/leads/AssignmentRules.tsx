import { move } from "@dnd-kit/helpers";
import { DragDropProvider } from "@dnd-kit/react";
import { useSortable } from "@dnd-kit/react/sortable";
import { ActionIcon, Button, Group, Switch } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconGripVertical, IconPencil, IconPlus, IconTrash, IconUsers } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { leadRuleOf, useDeleteLeadRule, useLeadRules, useOrderLeadRules, useSaveLeadRule, type LeadRule } from "~/api/leadAdmin";
import { messageOf } from "~/api/problem";
import type { Refs } from "~/api/types";
import { useConditionText } from "~/conditions/useConditionText";
import { told } from "~/objects/told";
import { useSortWords } from "~/processes/sortWords";
import { Receivers } from "~/sharing/Receivers";
import { ConfirmDialog } from "~/ui/ConfirmButton";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { AssignmentRuleDrawer } from "./AssignmentRuleDrawer";
import { TryRules } from "./TryRules";
import classes from "./leads.module.css";

/** Who gets a lead that nobody has: rules in their order, the first that means it counts. */
export function AssignmentRules({ opened, onOpen }: { opened: string | undefined; onOpen: (id: string | undefined) => void }) {
  const { t } = useTranslation("leads");
  const rules = useLeadRules();
  const order = useOrderLeadRules();
  const remove = useDeleteLeadRule();
  const [removed, setRemoved] = useState<LeadRule>();
  const [trying, setTrying] = useState(false);
  const items = rules.data?.items ?? [];
  const refs = rules.data?.refs ?? {};
  const nameOf = useCallback((id: string) => rules.data?.items.find((rule) => rule.id === id)?.name ?? "", [rules.data]);
  const plugins = useSortWords(nameOf, "objects");
  const edited = items.find((rule) => rule.id === opened);
  const put = (ids: string[]) => {
    if (ids.join() !== items.map((rule) => rule.id).join()) order.mutate(ids, { onSuccess: () => told(t("orderSaved")), onError: (error) => notifications.show({ color: "red", message: messageOf(error) }) });
  };
  return (
    <>
      <Group justify="space-between" mb="sm" gap="sm">
        <p className={classes.fine}>{t("rulesHint")}</p>
        <Group gap="sm">
          {items.length > 0 && (
            <Button variant="default" onClick={() => setTrying(true)}>
              {t("try")}
            </Button>
          )}
          <Button leftSection={<IconPlus size={16} />} onClick={() => onOpen("new")}>
            {t("newRule")}
          </Button>
        </Group>
      </Group>
      {rules.isError && <ErrorState error={rules.error} onRetry={() => void rules.refetch()} />}
      {rules.isPending && <RowSkeletons rows={4} height={30} />}
      {rules.data && items.length === 0 && (
        <EmptyState icon={<IconUsers size={32} stroke={1.4} />} title={t("noRules")}>
          {t("noRulesHint")}
        </EmptyState>
      )}
      <DragDropProvider plugins={plugins} onDragEnd={(event) => !event.canceled && put(move(items, event).map((rule) => rule.id))}>
        <ol className={classes.rules} aria-label={t("tabs.assignment")}>
          {items.map((rule, index) => (
            <Row key={rule.id} rule={rule} index={index} refs={refs} onEdit={() => onOpen(rule.id)} onRemove={() => setRemoved(rule)} />
          ))}
        </ol>
      </DragDropProvider>
      {rules.data && (opened === "new" || edited) && <AssignmentRuleDrawer key={opened} rule={edited} refs={refs} onClose={() => onOpen(undefined)} />}
      {trying && <TryRules onClose={() => setTrying(false)} />}
      <ConfirmDialog
        opened={removed !== undefined}
        onClose={() => setRemoved(undefined)}
        title={t("deleteRuleTitle", { name: removed?.name ?? "" })}
        text={t("deleteRuleText")}
        confirm={t("delete")}
        danger
        onConfirm={async () => {
          if (!removed) return;
          await remove.mutateAsync(removed);
          told(t("deleted", { name: removed.name }));
        }}
      />
    </>
  );
}

function Row({ rule, index, refs, onEdit, onRemove }: { rule: LeadRule; index: number; refs: Refs; onEdit: () => void; onRemove: () => void }) {
  const { t } = useTranslation("leads");
  const { ref, handleRef, isDragSource } = useSortable({ id: rule.id, index });
  const say = useConditionText("lead", rule.condition);
  const save = useSaveLeadRule();
  const turn = (active: boolean) => save.mutate({ document: { ...leadRuleOf(rule), active }, over: rule }, { onError: (error) => notifications.show({ color: "red", message: messageOf(error) }) });
  return (
    <li ref={ref} className={classes.rule} data-dragging={isDragSource || undefined} data-off={!rule.active || undefined}>
      <ActionIcon ref={handleRef} className={classes.handle} aria-label={t("moveField", { ns: "objects", field: rule.name })}>
        <IconGripVertical size={16} />
      </ActionIcon>
      <Switch size="sm" aria-label={`${t("inForce")}: ${rule.name}`} checked={rule.active} disabled={save.isPending} onChange={(event) => turn(event.currentTarget.checked)} />
      <div className={classes.what}>
        <button type="button" className={classes.name} onClick={onEdit}>
          {rule.name}
        </button>
        <p className={classes.fine}>{rule.condition ? say(rule.condition) : t("everyLead")}</p>
      </div>
      <div className={classes.whom}>
        <Receivers to={rule.to} refs={refs} />
        <span className={classes.fine}>{rule.next ? t("next", { name: refs[rule.next]?.name ?? "…" }) : t("nobodyCan")}</span>
      </div>
      <span className={classes.acts}>
        <ActionIcon aria-label={`${t("edit")}: ${rule.name}`} onClick={onEdit}>
          <IconPencil size={16} />
        </ActionIcon>
        <ActionIcon aria-label={`${t("delete")}: ${rule.name}`} onClick={onRemove}>
          <IconTrash size={16} />
        </ActionIcon>
      </span>
    </li>
  );
}
