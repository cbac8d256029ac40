import { Button, Group, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import type { MoneyValue, Rec } from "~/api/types";
import { useLanguage } from "~/i18n";
import { ErrorState } from "~/ui/ErrorState";
import { formatDay, formatMoney } from "~/ui/format";
import { RowSkeletons } from "~/ui/Skeletons";
import { ordersOf, quotesOf } from "./api";
import { NewOrderDialog } from "./NewOrderDialog";
import { NewQuoteDialog } from "./NewQuoteDialog";
import { PaperStatus } from "./PaperStatus";
import classes from "./quotes.module.css";

/** What was offered in a deal, and what was ordered. */
export function QuotesTab({ deal }: { deal: Rec }) {
  const { t } = useTranslation("quotes");
  const quote = useObject("quote");
  const order = useObject("sales_order");
  const [making, setMaking] = useState<"quote" | "order">();
  const quotes = useQuery({ ...quotesOf(deal.id), enabled: Boolean(quote) });
  const orders = useQuery({ ...ordersOf(deal.id), enabled: Boolean(order) });
  const open = deal.fields.lifecycle_status !== "voided";
  const told = (act: string) => [...(deal.can ?? []), ...(deal.cannot ?? []).map((one) => one.act)].includes(act);
  const may = (act: string, otherwise: boolean) => (told(act) ? (deal.can ?? []).includes(act) : otherwise);
  // Orders are made of deals that are won, or of what was accepted there.
  const mayQuote = may("create_quote", open && Boolean(quote?.acts.includes("create")));
  const mayOrder = may("create_order", open && Boolean(order?.acts.includes("create")) && (deal.fields.stage_type === "won" || Boolean(deal.fields.accepted_quote)));
  return (
    <div className={classes.tab}>
      {quote && (
        <Section title={t("quotes")} action={mayQuote && <New onClick={() => setMaking("quote")}>{t("newQuote")}</New>}>
          <Papers list={quotes} empty={t("noQuotes")} detail={(row, language) => [t("version", { version: String(row.fields.version_no ?? "1") }), row.fields.valid_until ? t("until", { day: formatDay(String(row.fields.valid_until), language) }) : ""].filter(Boolean).join(" · ")} />
        </Section>
      )}
      {order && (
        <Section title={t("orders")} action={mayOrder && <New onClick={() => setMaking("order")}>{t("newOrder")}</New>}>
          <Papers list={orders} empty={t(mayOrder ? "noOrders" : "noOrdersYet")} detail={(row, language) => (row.fields.order_date ? t("orderedOn", { day: formatDay(String(row.fields.order_date), language) }) : "")} />
        </Section>
      )}
      {making === "quote" && <NewQuoteDialog deal={deal} onClose={() => setMaking(undefined)} />}
      {making === "order" && <NewOrderDialog from={deal} onClose={() => setMaking(undefined)} />}
    </div>
  );
}

function New({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <Button size="compact-md" variant="default" leftSection={<IconPlus size={15} />} onClick={onClick}>
      {children}
    </Button>
  );
}

function Section({ title, action, children }: { title: string; action: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.section} aria-label={title}>
      <Group justify="space-between" mb={8}>
        <h2 className={classes.heading}>{title}</h2>
        {action}
      </Group>
      {children}
    </section>
  );
}

type ListOf = { data?: Rec[]; isError: boolean; error: unknown; refetch: () => unknown };

function Papers({ list, empty, detail }: { list: ListOf; empty: string; detail: (row: Rec, language: "en" | "zh-CN") => string }) {
  const language = useLanguage();
  if (list.isError) return <ErrorState compact error={list.error as Error} onRetry={() => void list.refetch()} />;
  if (!list.data) return <RowSkeletons rows={2} />;
  if (list.data.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {empty}
      </Text>
    );
  }
  return (
    <ul className={classes.papers}>
      {list.data.map((row) => (
        <li key={row.id} data-past={row.fields.current === false || undefined}>
          <div className={classes.paper}>
            <Link to="/o/$object/$id" params={{ object: row.object, id: row.id }} className={classes.number}>
              {String(row.fields.number ?? row.fields.name ?? "")}
            </Link>
            <span className={classes.detail}>{detail(row, language)}</span>
          </div>
          <PaperStatus record={row} />
          <span className={`money ${classes.total}`}>{row.fields.total ? formatMoney(row.fields.total as MoneyValue, language) : "–"}</span>
        </li>
      ))}
    </ul>
  );
}
