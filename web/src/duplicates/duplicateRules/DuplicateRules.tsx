import { IconCopyCheck } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useDuplicateRules } from "~/api/duplicates";
import { useMe, useObjects } from "~/api/queries";
import type { ObjectDef } from "~/api/types";
import { navigableObjects } from "~/shell/places";
import { BeginFor } from "~/ui/BeginFor";
import { ByObject } from "~/ui/ByObject";
import { EmptyState } from "~/ui/EmptyState";
import { Listed } from "~/ui/Listed";
import { Page } from "~/ui/Page";
import { RuleLines } from "./RuleLines";

/** Objects whose records can be judged: those one meets by themselves. */
export const ruleable = (objects: ObjectDef[]) => navigableObjects(objects);

/** All duplicate rules by object. */
export function DuplicateRules() {
  const { t } = useTranslation("duplicateRules");
  const me = useMe();
  const objects = useObjects();
  const navigate = useNavigate();
  const rules = useDuplicateRules(me.admin);
  if (!me.admin) return <EmptyState title={t("onlyAdministrators")} />;
  const items = rules.data?.items ?? [];
  const begin = (object: string) => void navigate({ to: "/admin/duplicate-rules/$rule", params: { rule: "new" }, search: { object } });
  return (
    <Page title={t("title")} above={t("hint")} actions={<BeginFor label={t("newRule")} heading={t("newFor")} objects={ruleable(objects)} onChoose={begin} />}>
      <Listed query={rules} rows={5} height={40} none={items.length === 0} icon={IconCopyCheck} title={t("none")} hint={t("noneHint")}>
        <ByObject items={items}>{(object, own) => <RuleLines object={object} rules={own} />}</ByObject>
      </Listed>
    </Page>
  );
}
