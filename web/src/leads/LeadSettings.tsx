import { Tabs } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe } from "~/api/queries";
import { EmptyState } from "~/ui/EmptyState";
import { Page } from "~/ui/Page";
import { AssignmentRules } from "./AssignmentRules";
import { MappingEditor } from "./MappingEditor";
import { WebForms } from "./WebForms";

const TABS = ["forms", "assignment", "conversion"] as const;
type Tab = (typeof TABS)[number];
/** What is opened; the address holds it, so that it can be led to. */
type Asked = { tab?: string; rule?: string; form?: string };

/** How leads come in, who gets them, and what they become. */
export function LeadSettings() {
  const { t } = useTranslation("leads");
  const me = useMe();
  const navigate = useNavigate();
  const { tab: asked, rule, form } = useSearch({ strict: false }) as Asked;
  const tab: Tab = TABS.find((one) => one === asked) ?? "forms";
  const go = (search: Asked) => void navigate({ to: "/admin/leads", search, replace: true });
  if (!me.admin) return <EmptyState title={t("onlyAdministrators")} />;
  return (
    <Page title={t("settings")} above={t("settingsHint")}>
      <Tabs value={tab} onChange={(next) => go({ tab: next ?? undefined })} keepMounted={false}>
        <Tabs.List>
          {TABS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`tabs.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="forms" pt="md">
          <WebForms opened={form} onOpen={(id) => go({ tab: "forms", form: id })} />
        </Tabs.Panel>
        <Tabs.Panel value="assignment" pt="md">
          <AssignmentRules opened={rule} onOpen={(id) => go({ tab: "assignment", rule: id })} />
        </Tabs.Panel>
        <Tabs.Panel value="conversion" pt="md">
          <MappingEditor />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
