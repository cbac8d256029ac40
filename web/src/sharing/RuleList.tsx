import { ActionIcon, Loader, Switch } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { messageOf } from "~/api/problem";
import { documentOf, useDeleteSharingRule, useSaveSharingRule, type SharingRule } from "~/api/sharing";
import type { Refs } from "~/api/types";
import { useConditionText } from "~/conditions/useConditionText";
import { useLanguage } from "~/i18n";
import { told } from "~/objects/told";
import { ConfirmDialog } from "~/ui/ConfirmButton";
import { formatDecimal } from "~/ui/format";
import { Receivers } from "./Receivers";
import classes from "./sharing.module.css";

type Props = { object: string; rules: SharingRule[]; refs: Refs; onEdit: (rule: SharingRule) => void };

/** The rules of one object: what each gives to whom, and whether it is in force. */
export function RuleList({ object, rules, refs, onEdit }: Props) {
  const { t } = useTranslation("sharing");
  const language = useLanguage();
  const say = useConditionText(object, ...rules.map((rule) => rule.condition));
  const save = useSaveSharingRule(object);
  const remove = useDeleteSharingRule(object);
  const [removed, setRemoved] = useState<SharingRule>();
  const turn = (rule: SharingRule, active: boolean) =>
    save.mutate(
      { document: { ...documentOf(rule), active }, over: rule },
      {
        onSuccess: () => told(t(active ? "turnedOn" : "turnedOff", { name: rule.name })),
        onError: (error) => notifications.show({ color: "red", title: t("refused"), message: messageOf(error) }),
      },
    );
  return (
    <>
      <ul className={classes.rules}>
        {rules.map((rule) => (
          <li key={rule.id} className={classes.rule} data-off={!rule.active || undefined}>
            <Switch
              size="sm"
              aria-label={`${t("active")}: ${rule.name}`}
              checked={rule.active}
              disabled={save.isPending}
              onChange={(event) => turn(rule, event.currentTarget.checked)}
            />
            <div className={classes.what}>
              <button type="button" className={classes.name} onClick={() => onEdit(rule)}>
                {rule.name}
              </button>
              <p className={classes.fine}>{rule.condition ? say(rule.condition) : t("all")}</p>
            </div>
            <div className={classes.whom}>
              <Receivers to={rule.to} refs={refs} />
              <span className={classes.fine}>{t(rule.level === "read" ? "reads" : "writes")}</span>
            </div>
            <span className={classes.gives} aria-live="polite">
              {rule.settling ? (
                <>
                  <Loader size={13} /> {t("settling")}
                </>
              ) : !rule.active ? (
                t("off")
              ) : (
                rule.records !== null && t("gives", { count: rule.records, shown: formatDecimal(rule.records, language) })
              )}
            </span>
            <span className={classes.acts}>
              <ActionIcon aria-label={`${t("edit")}: ${rule.name}`} onClick={() => onEdit(rule)}>
                <IconPencil size={16} />
              </ActionIcon>
              <ActionIcon aria-label={`${t("delete")}: ${rule.name}`} onClick={() => setRemoved(rule)}>
                <IconTrash size={16} />
              </ActionIcon>
            </span>
          </li>
        ))}
      </ul>
      <ConfirmDialog
        opened={removed !== undefined}
        onClose={() => setRemoved(undefined)}
        title={t("deleteTitle", { name: removed?.name ?? "" })}
        text={t("deleteText")}
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
