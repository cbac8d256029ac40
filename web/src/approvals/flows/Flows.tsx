import { Button, Menu } from "@mantine/core";
import { IconGitBranch, IconPlus } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFlows } from "~/api/approvalFlows";
import { useMe, useObjects } from "~/api/queries";
import { useLabel } from "~/i18n";
import { iconOf } from "~/shell/places";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { ObjectSection } from "~/ui/ObjectSection";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { FlowLines } from "./FlowLines";

/** All approval flows by object, in the order in which they are asked. */
export function Flows() {
  const { t } = useTranslation("flows");
  const label = useLabel();
  const me = useMe();
  const objects = useObjects();
  const navigate = useNavigate();
  const flows = useFlows(me.admin);
  if (!me.admin) return <EmptyState title={t("onlyAdministrators")} />;
  const items = flows.data?.items ?? [];
  const offered = objects.filter((object) => flows.data?.objects.some((it) => it.object === object.key));
  return (
    <Page
      title={t("title")}
      above={t("hint")}
      actions={
        <Menu position="bottom-end" width={230}>
          <Menu.Target>
            <Button leftSection={<IconPlus size={16} />} disabled={!flows.data}>
              {t("newFlow")}
            </Button>
          </Menu.Target>
          <Menu.Dropdown mah={420} style={{ overflowY: "auto" }}>
            <Menu.Label>{t("newFor")}</Menu.Label>
            {offered.map((object) => {
              const Icon = iconOf(object);
              return (
                <Menu.Item key={object.key} leftSection={<Icon size={16} stroke={1.6} />} onClick={() => void navigate({ to: "/admin/approval-flows/$flow", params: { flow: "new" }, search: { object: object.key } })}>
                  {label(object.plural)}
                </Menu.Item>
              );
            })}
          </Menu.Dropdown>
        </Menu>
      }
    >
      {flows.isError && <ErrorState error={flows.error} onRetry={() => void flows.refetch()} />}
      {flows.isPending && <RowSkeletons rows={5} height={56} />}
      {flows.data && items.length === 0 && (
        <EmptyState icon={<IconGitBranch size={32} stroke={1.4} />} title={t("none")}>
          {t("noneHint")}
        </EmptyState>
      )}
      {objects
        .filter((object) => items.some((flow) => flow.object === object.key))
        .map((object) => (
          <ObjectSection key={object.key} object={object}>
            <FlowLines object={object} flows={items.filter((flow) => flow.object === object.key)} all={items} />
          </ObjectSection>
        ))}
    </Page>
  );
}
