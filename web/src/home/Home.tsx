import { Button, SegmentedControl } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { fetchList, keys, useMe, useObject, useRecordList, rowsOf } from "~/api/queries";
import type { Condition, ObjectDef } from "~/api/types";
import { FieldShow } from "~/fields/FieldShow";
import { HoldingsCard } from "~/holding/HoldingsCard";
import { useLabel, useLanguage } from "~/i18n";
import { nameOf } from "~/records/RecordDialog";
import { formatDecimal, today } from "~/ui/format";
import { useTimeZone } from "~/ui/Instant";
import { Page } from "~/ui/Page";
import { Card } from "./Card";
import classes from "./Home.module.css";
import { LatelyDone } from "./LatelyDone";
import { questionsOf, type Whose } from "./questions";
import { Waiting } from "./Waiting";

/** Where the day begins: how many deals one has, which close soon, which are late. */
export function Home() {
  const { t } = useTranslation("home");
  const me = useMe();
  const label = useLabel();
  const object = useObject("opportunity");
  const day = today(useTimeZone());
  const [chosen, setChosen] = useLocalStorage<Whose | null>({ key: `stagecraft-home-${me.person.id}`, defaultValue: null });
  const own = useCount(questionsOf(day, "mine").open);
  // Who owns nothing leads others or looks after the system: his day begins with everything he sees.
  const whose: Whose = chosen ?? (own === 0 ? "all" : "mine");
  const questions = questionsOf(day, whose);

  return (
    <Page
      title={t("greeting", { name: me.person.name })}
      above={me.organisation.name}
      actions={
        <>
          <SegmentedControl
            size="sm"
            aria-label={t("whose")}
            value={whose}
            onChange={(value) => setChosen(value as Whose)}
            data={[
              { value: "mine", label: t("mine") },
              { value: "all", label: t("allVisible") },
            ]}
          />
          {object?.acts.includes("create") && (
          <Button component={Link} to="/o/$object" params={{ object: "opportunity" } as never} search={{ create: true } as never} leftSection={<IconPlus size={16} />}>
            {t("newDeal", { object: label(object.label).toLowerCase() })}
          </Button>
          )}
        </>
      }
    >
      {object && own !== undefined && (
        <div className={classes.home}>
          <div className={classes.figures}>
            <Figure title={t(whose === "mine" ? "open" : "openAll")} condition={questions.open} />
            <Figure title={t("closing")} condition={questions.closing} />
            <Figure title={t("overdue")} condition={questions.overdue} warn />
          </div>
          <div className={classes.lists}>
            <Waiting />
            <HoldingsCard />
            <LatelyDone whose={whose} />
            <Deals object={object} title={t("nextTitle")} empty={t("nextEmpty")} condition={questions.closing} sort="expected_close_date" />
            <Deals object={object} title={t("overdueTitle")} empty={t("overdueEmpty")} condition={questions.overdue} sort="expected_close_date" />
            <Deals object={object} title={t("recentTitle")} empty={t("recentEmpty")} condition={questions.open} sort="-updated_at" />
          </div>
        </div>
      )}
    </Page>
  );
}

function useCount(condition: Condition): number | undefined {
  const params = { filter: condition, fields: ["name"], limit: 1, count: "exact" as const };
  return useQuery({ queryKey: [...keys.list("opportunity", params), "count"], queryFn: ({ signal }) => fetchList("opportunity", params, null, signal) }).data?.count ?? undefined;
}

function Figure({ title, condition, warn }: { title: string; condition: Condition; warn?: boolean }) {
  const language = useLanguage();
  const count = useCount(condition);
  return (
    <Link to="/o/$object" params={{ object: "opportunity" }} search={{ filter: condition }} className={classes.figure} data-warn={(warn && Boolean(count)) || undefined}>
      <span className={classes.number}>{count === undefined ? "–" : formatDecimal(count, language)}</span>
      <span className={classes.what}>{title}</span>
    </Link>
  );
}

const COLUMNS = ["account", "stage", "amount", "expected_close_date"];

function Deals({ object, title, empty, condition, sort }: { object: ObjectDef; title: string; empty: string; condition: Condition; sort: string }) {
  const { t } = useTranslation("home");
  const fields = COLUMNS.map((key) => object.fields.find((field) => field.key === key)).filter((field) => field !== undefined);
  const list = useRecordList("opportunity", { filter: condition, sort, fields: [object.name_field, ...fields.map((field) => field.key)], limit: 8 });
  const rows = rowsOf(list.data);
  const field = (key: string) => fields.find((it) => it.key === key);
  const show = (row: (typeof rows)[number], key: string) => {
    const definition = field(key);
    return definition && <FieldShow field={definition} value={row.fields[key]} refs={row.refs} dense />;
  };
  return (
    <Card
      title={title}
      more={
        <Link to="/o/$object" params={{ object: "opportunity" }} search={{ filter: condition, sort }}>
          {t("all")}
        </Link>
      }
      error={list.error}
      onRetry={() => void list.refetch()}
      ready={list.data !== undefined}
      empty={rows.length === 0 ? empty : undefined}
    >
      <ul className={classes.deals}>
        {rows.map((row) => (
          <li key={row.id}>
            <Link to="/o/$object/$id" params={{ object: "opportunity", id: row.id }} className={classes.deal}>
              <span className={classes.name}>{nameOf(object, row)}</span>
              <span className={classes.amount}>{show(row, "amount")}</span>
              <span className={classes.around}>
                {show(row, "stage")}
                {show(row, "account")}
              </span>
              <span className={classes.day}>{show(row, "expected_close_date")}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
