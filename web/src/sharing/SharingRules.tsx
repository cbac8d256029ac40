import { Button, Select } from "@mantine/core";
import { IconPlus, IconShare } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe, useObjects } from "~/api/queries";
import { useSharingRules } from "~/api/sharing";
import { useLabel } from "~/i18n";
import { ByObject } from "~/ui/ByObject";
import { EmptyState } from "~/ui/EmptyState";
import { Listed } from "~/ui/Listed";
import { Page } from "~/ui/Page";
import { RuleDrawer, shareable } from "./RuleDrawer";
import { RuleList } from "./RuleList";
import classes from "./sharing.module.css";

/** What is opened: a rule by its id, `new`, or nothing. The address holds it, so that it can be led to. */
type Asked = { object?: string; rule?: string };

/** All sharing rules by object. */
export function SharingRules() {
  const { t } = useTranslation("sharing");
  const label = useLabel();
  const me = useMe();
  const objects = useObjects();
  const navigate = useNavigate();
  const { object: only, rule: named } = useSearch({ strict: false }) as Asked;
  const rules = useSharingRules(undefined, me.admin);
  if (!me.admin) return <EmptyState title={t("onlyAdministrators")} />;
  const items = rules.data?.items ?? [];
  const refs = rules.data?.refs ?? {};
  const go = (search: Asked) => void navigate({ to: "/admin/sharing", search: { ...(search.object ? { object: search.object } : {}), ...(search.rule ? { rule: search.rule } : {}) }, replace: true });
  const edited = items.find((rule) => rule.id === named);
  const begin = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => go({ object: only, rule: "new" })}>
      {t("newRule")}
    </Button>
  );

  return (
    <Page
      title={t("title")}
      above={t("hint")}
      actions={
        <>
          {(items.length > 0 || only) && (
            <Select
              aria-label={t("which")}
              w={210}
              clearable
              placeholder={t("allObjects")}
              data={objects.filter((it) => shareable(it) || items.some((rule) => rule.object === it.key)).map((it) => ({ value: it.key, label: label(it.plural) }))}
              value={only ?? null}
              onChange={(key) => go({ object: key ?? undefined })}
            />
          )}
          {begin}
        </>
      }
    >
      <Listed query={rules} rows={5} height={30} none={items.length === 0} icon={IconShare} title={t("none")} hint={t("noneHint")}>
        <ByObject items={items} objects={only ? objects.filter((object) => object.key === only) : undefined} tab="access">
          {(object, own) => (own.length === 0 ? <p className={classes.fine}>{t("noneFor")}</p> : <RuleList object={object.key} rules={own} refs={refs} onEdit={(rule) => go({ object: only, rule: rule.id })} />)}
        </ByObject>
      </Listed>
      {rules.data && (named === "new" || edited) && <RuleDrawer key={named} rule={edited} object={only} refs={refs} onClose={() => go({ object: only })} />}
    </Page>
  );
}
