import { Button, Menu } from "@mantine/core";
import { IconCopyCheck, IconPlus } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useDuplicateRules } from "~/api/duplicates";
import { useMe, useObjects } from "~/api/queries";
import type { ObjectDef } from "~/api/types";
import { useLabel } from "~/i18n";
import { iconOf, navigableObjects } from "~/shell/places";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { ObjectSection } from "~/ui/ObjectSection";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { RuleLines } from "./RuleLines";

/** Objects whose records can be judged: those one meets by themselves. */
export const ruleable = (objects: ObjectDef[]) => navigableObjects(objects);

/** All duplicate rules by object. */
export function DuplicateRules() {
  const { t } = useTranslation("duplicateRules");
  const label = useLabel();
  const me = useMe();
  const objects = useObjects();
  const navigate = useNavigate();
  const rules = useDuplicateRules(me.admin);
  if (!me.admin) return <EmptyState title={t("onlyAdministrators")} />;
  const items = rules.data?.items ?? [];
  const begin = (object: string) => void navigate({ to: "/admin/duplicate-rules/$rule", params: { rule: "new" }, search: { object } });
  return (
    <Page
      title={t("title")}
      above={t("hint")}
      actions={
        <Menu position="bottom-end" width={230}>
          <Menu.Target>
            <Button leftSection={<IconPlus size={16} />}>{t("newRule")}</Button>
          </Menu.Target>
          <Menu.Dropdown mah={420} style={{ overflowY: "auto" }}>
            <Menu.Label>{t("newFor")}</Menu.Label>
            {ruleable(objects).map((object) => {
              const Icon = iconOf(object);
              return (
                <Menu.Item key={object.key} leftSection={<Icon size={16} stroke={1.6} />} onClick={() => begin(object.key)}>
                  {label(object.plural)}
                </Menu.Item>
              );
            })}
          </Menu.Dropdown>
        </Menu>
      }
    >
      {rules.isError && <ErrorState error={rules.error} onRetry={() => void rules.refetch()} />}
      {rules.isPending && <RowSkeletons rows={5} height={40} />}
      {rules.data && items.length === 0 && (
        <EmptyState icon={<IconCopyCheck size={32} stroke={1.4} />} title={t("none")}>
          {t("noneHint")}
        </EmptyState>
      )}
      {objects
        .filter((object) => items.some((rule) => rule.object === object.key))
        .map((object) => (
          <ObjectSection key={object.key} object={object}>
            <RuleLines object={object} rules={items.filter((rule) => rule.object === object.key)} />
          </ObjectSection>
        ))}
    </Page>
  );
}
