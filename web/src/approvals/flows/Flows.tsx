import { IconGitBranch } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFlows } from "~/api/approvalFlows";
import { useMe, useObjects } from "~/api/queries";
import { BeginFor } from "~/ui/BeginFor";
import { ByObject } from "~/ui/ByObject";
import { EmptyState } from "~/ui/EmptyState";
import { Listed } from "~/ui/Listed";
import { Page } from "~/ui/Page";
import { FlowLines } from "./FlowLines";

/** All approval flows by object, in the order in which they are asked. */
export function Flows() {
  const { t } = useTranslation("flows");
  const me = useMe();
  const objects = useObjects();
  const navigate = useNavigate();
  const flows = useFlows(me.admin);
  if (!me.admin) return <EmptyState title={t("onlyAdministrators")} />;
  const items = flows.data?.items ?? [];
  const offered = objects.filter((object) => flows.data?.objects.some((it) => it.object === object.key));
  const begin = (object: string) => void navigate({ to: "/admin/approval-flows/$flow", params: { flow: "new" }, search: { object } });
  return (
    <Page title={t("title")} above={t("hint")} actions={<BeginFor label={t("newFlow")} heading={t("newFor")} objects={offered} disabled={!flows.data} onChoose={begin} />}>
      <Listed query={flows} rows={5} height={56} none={items.length === 0} icon={IconGitBranch} title={t("none")} hint={t("noneHint")}>
        <ByObject items={items}>{(object, own) => <FlowLines object={object} flows={own} all={items} />}</ByObject>
      </Listed>
    </Page>
  );
}
