import { ActionIcon, Switch } from "@mantine/core";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { documentOf, useDeleteDuplicateRule, useSaveDuplicateRule, type DuplicateRule } from "~/api/duplicates";
import type { ObjectDef } from "~/api/types";
import { useConditionText } from "~/conditions/useConditionText";
import { told } from "~/objects/told";
import { ConfirmDialog } from "~/ui/ConfirmButton";
import { toldOfRefusal } from "~/ui/undoable";
import { kindsOf } from "../ruleWords";
import { GroupWords } from "./GroupWords";
import classes from "./rules.module.css";

/** The rules of one object: what each does in words, where it judges, and whether it is in force. */
export function RuleLines({ object, rules }: { object: ObjectDef; rules: DuplicateRule[] }) {
  const { t } = useTranslation("duplicateRules");
  const say = useConditionText(object.key, ...rules.map((rule) => rule.when));
  const save = useSaveDuplicateRule();
  const remove = useDeleteDuplicateRule();
  const [removed, setRemoved] = useState<DuplicateRule>();
  const turn = (rule: DuplicateRule, active: boolean) =>
    save.mutate(
      { document: { ...documentOf(rule), active }, over: rule },
      { onSuccess: () => told(t(active ? "turnedOn" : "turnedOff", { name: rule.name })), onError: toldOfRefusal },
    );
  return (
    <>
      <ul className={classes.rules}>
        {rules.map((rule) => (
          <li key={rule.id} className={classes.rule} data-off={!rule.active || undefined}>
            <Switch size="sm" aria-label={`${t("active")}: ${rule.name}`} checked={rule.active} disabled={save.isPending} onChange={(event) => turn(rule, event.currentTarget.checked)} />
            <div className={classes.what}>
              <Link to="/admin/duplicate-rules/$rule" params={{ rule: rule.id }} className={classes.name}>
                {rule.name}
              </Link>
              <GroupWords rule={rule} />
              {rule.when && <p className={classes.fine}>{t("onlyWhen", { condition: say(rule.when) })}</p>}
            </div>
            <ul className={classes.kinds} aria-label={t("kinds")}>
              {rule.active ? kindsOf(rule).map((kind) => <li key={kind}>{t(`kindShort.${kind}`)}</li>) : <li data-off>{t("off")}</li>}
            </ul>
            <span className={classes.acts}>
              <ActionIcon component={Link} to="/admin/duplicate-rules/$rule" params={{ rule: rule.id } as never} aria-label={`${t("edit")}: ${rule.name}`}>
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
