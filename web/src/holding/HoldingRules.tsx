import { Button, Tabs } from "@mantine/core";
import { IconGauge, IconPlus } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { holdingRuleOf, useDeleteHoldingRule, useHoldingRules, useSaveHoldingRule, useUsage, type HoldingRule } from "~/api/holdings";
import { useMe, useObjects } from "~/api/queries";
import type { Refs } from "~/api/types";
import { useLabel, useLanguage } from "~/i18n";
import { EmptyState } from "~/ui/EmptyState";
import { formatDecimal } from "~/ui/format";
import { Listed } from "~/ui/Listed";
import { Page } from "~/ui/Page";
import { SettingsList } from "~/ui/SettingsList";
import { DefinitionCard } from "./DefinitionCard";
import { HELD } from "./held";
import classes from "./holding.module.css";
import { useSentence } from "./useSentence";

/** What counts at all, and the rules on top of it, object by object. */
export function HoldingRules() {
  const { t } = useTranslation("holding");
  const label = useLabel();
  const me = useMe();
  const navigate = useNavigate();
  const objects = useObjects();
  const { object: named } = useSearch({ strict: false }) as { object?: string };
  const rules = useHoldingRules(me.admin);
  const save = useSaveHoldingRule();
  const remove = useDeleteHoldingRule();
  if (!me.admin) return <EmptyState title={t("onlyAdministrators")} />;
  const held = HELD.filter((key) => objects.some((it) => it.key === key));
  const object = held.find((key) => key === named) ?? held[0] ?? "opportunity";
  const own = rules.data?.items.filter((rule) => rule.object === object) ?? [];
  const plural = (key: string) => label(objects.find((it) => it.key === key)?.plural) || key;
  const begin = (
    <Button component={Link} to="/admin/holding/$rule" params={{ rule: "new" } as never} search={{ object } as never} leftSection={<IconPlus size={16} />}>
      {t("newRule")}
    </Button>
  );
  return (
    <Page title={t("title")} above={t("hint")} actions={begin} narrow>
      <Tabs value={object} onChange={(next) => void navigate({ to: "/admin/holding", search: next && next !== held[0] ? { object: next } : {}, replace: true })} mb="md">
        <Tabs.List aria-label={t("objects")}>
          {held.map((key) => (
            <Tabs.Tab key={key} value={key}>
              {plural(key)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <DefinitionCard key={object} object={object} />
      <h2 className={classes.heading} style={{ marginBottom: 8 }}>
        {t("rules")}
      </h2>
      <Listed query={rules} rows={4} height={44} none={own.length === 0} icon={IconGauge} title={t("none")} hint={t("noneHint")}>
        <SettingsList
          label={t("rules")}
          items={own}
          open={{ to: "/admin/holding/$rule", params: ({ id }) => ({ rule: id }) }}
          onTurn={(rule, active) => save.mutateAsync({ document: { ...holdingRuleOf(rule), active }, over: rule })}
          onRemove={(rule) => remove.mutateAsync(rule)}
          deleteTitle={(name) => t("deleteTitle", { name })}
          deleteText={t("deleteText")}
          what={(rule) => <Words rule={rule} refs={rules.data?.refs ?? {}} />}
          columns="minmax(180px, auto)"
          beside={(rule) => <div>{rule.active ? <HowFull rule={rule} /> : <span className={classes.fine}>{t("off")}</span>}</div>}
        />
      </Listed>
    </Page>
  );
}

function Words({ rule, refs }: { rule: HoldingRule; refs: Refs }) {
  return (
    <>
      <p className={classes.fine}>{useSentence(rule, refs)}</p>
      {rule.note && <p className={classes.fine}>{rule.note}</p>}
    </>
  );
}

/** How many it reaches, and how many of them are over. */
function HowFull({ rule }: { rule: HoldingRule }) {
  const { t } = useTranslation("holding");
  const language = useLanguage();
  const usage = useUsage(rule.id, rule.version);
  if (!usage.data) return <span className={classes.fine}>{usage.isPending ? t("looking") : ""}</span>;
  const { people, over } = usage.data;
  return (
    <span className={classes.sums} style={{ margin: 0 }}>
      <span>{t("figures.people", { count: people, shown: formatDecimal(people, language) })}</span>
      {over > 0 && <span data-tone="danger">{t("figures.over", { count: over, shown: formatDecimal(over, language) })}</span>}
    </span>
  );
}
