import { Button, Tabs } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useDefinition } from "~/api/definitions";
import { keys, useMe } from "~/api/queries";
import { useLabel } from "~/i18n";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { PageSkeleton, RowSkeletons } from "~/ui/Skeletons";
import { FieldsTab } from "./FieldsTab";
import { StateBadge } from "./StateBadge";

const LayoutsTab = lazy(() => import("./LayoutsTab").then((room) => ({ default: room.LayoutsTab })));
const RulesTab = lazy(() => import("./RulesTab").then((room) => ({ default: room.RulesTab })));
const AccessTab = lazy(() => import("./AccessTab").then((room) => ({ default: room.AccessTab })));
const AboutTab = lazy(() => import("./AboutTab").then((room) => ({ default: room.AboutTab })));

const TABS = ["fields", "layouts", "rules", "access", "about"] as const;

/** One kind of record: its fields, forms, rules, and what it is. */
export function ObjectScreen() {
  const { t } = useTranslation("objects");
  const label = useLabel();
  const me = useMe();
  const navigate = useNavigate();
  const { object: key = "" } = useParams({ strict: false });
  const { tab } = useSearch({ strict: false }) as { tab?: string };
  const definition = useDefinition(key, me.admin);
  // What has become usable is drawn at once, whether or not the news of it has come.
  const usable = definition.data && [definition.data, ...definition.data.fields].map(({ state }) => state).join();
  const client = useQueryClient();
  useEffect(() => {
    if (usable) void client.invalidateQueries({ queryKey: keys.objects });
  }, [client, usable]);
  if (!me.admin) return <EmptyState title={t("onlyAdministrators")} />;
  if (definition.isError && !definition.data) return <ErrorState error={definition.error} onRetry={() => void definition.refetch()} />;
  if (!definition.data) return <PageSkeleton />;
  const object = definition.data;
  const shown = TABS.find((it) => it === tab) ?? "fields";

  return (
    <Page
      key={object.key}
      title={label(object.plural)}
      above={<Link to="/admin/objects">{t("title")}</Link>}
      actions={
        object.state === "live" ? (
          <Button component={Link} to={`/o/${object.key}`} variant="default" leftSection={<IconExternalLink size={16} stroke={1.7} />}>
            {t("openRecords")}
          </Button>
        ) : (
          <StateBadge state={object.state} until={object.drops_at} />
        )
      }
    >
      <Tabs value={shown} keepMounted={false} onChange={(next) => void navigate({ to: ".", search: next === "fields" ? {} : { tab: next ?? undefined }, replace: true } as never)}>
        <Tabs.List mb="md">
          {TABS.map((it) => (
            <Tabs.Tab key={it} value={it}>
              {t(`tabs.${it}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="fields">
          <FieldsTab object={object} />
        </Tabs.Panel>
        <Suspense fallback={<RowSkeletons rows={5} />}>
          <Tabs.Panel value="layouts">
            <LayoutsTab object={object} />
          </Tabs.Panel>
          <Tabs.Panel value="rules">
            <RulesTab object={object} />
          </Tabs.Panel>
          <Tabs.Panel value="access">
            <AccessTab object={object} />
          </Tabs.Panel>
          <Tabs.Panel value="about">
            <AboutTab object={object} />
          </Tabs.Panel>
        </Suspense>
      </Tabs>
    </Page>
  );
}
