import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMe, useObject } from "~/api/queries";
import type { MoneyValue, ObjectDef, Rec } from "~/api/types";
import { startOf } from "~/fields/draft";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { pricingQuery, rowsQuery } from "./api";
import { useColumns } from "./lineColumns";
import { LinesEditor } from "./LinesEditor";
import { isLine, LINES } from "./places";

/** The field of a line by which it lives in its record. */
export const linkOf = (object: ObjectDef | undefined, master: string) => object?.fields.find((field) => field.type === "master" && field.object === master)?.key;

/** The currency in which amounts are typed without saying so. */
export function useCurrencyOf(record: Rec): string {
  const main = useMe().organisation.main_currency;
  const own = record.fields.currency;
  const amount = record.fields.amount as MoneyValue | null | undefined;
  return typeof own === "string" && own ? own : record.object === "opportunity" && amount ? amount.currency : main;
}

/** What is sold, offered or ordered, line by line; of a price book what it costs. */
export function LinesTab({ record, onChanged }: { record: Rec; onChanged: (changed: boolean) => void }) {
  const { t } = useTranslation("lines");
  const object = useObject(LINES[record.object] ?? "");
  const link = linkOf(object, record.object);
  const columns = useColumns(object, link);
  const otherwise = useCurrencyOf(record);
  const pricing = useQuery({ ...pricingQuery(record.object, record.id), enabled: isLine(object?.key ?? "") });
  const currency = pricing.data?.currency ?? otherwise;
  const book = pricing.data?.book ? pricing.data.refs?.[pricing.data.book]?.name : undefined;
  const ordered = Boolean(object?.fields.some((field) => field.key === "position"));
  const fields = useMemo(() => [...columns.map((column) => column.field.key), ...(ordered ? ["position"] : []), ...(object?.fields.some((field) => field.key === "name") ? ["name"] : [])], [columns, ordered, object]);
  const query = rowsQuery(object?.key ?? "", link ?? "", record.id, [...new Set(fields)], ordered);
  const list = useQuery({ ...query, enabled: Boolean(object && link) });
  const start = useMemo(() => (object ? startOf(columns.map((column) => column.field)) : {}), [object, columns]);

  if (!object || !link) return <EmptyState title={t("none")}>{t("noneSeen")}</EmptyState>;
  if (list.isError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  if (!list.data || pricing.isLoading) return <RowSkeletons rows={5} />;
  return <LinesEditor key={record.id} object={object} columns={columns} record={record} records={list.data} reread={async () => (await list.refetch()).data ?? []} start={start} currency={currency} ordered={ordered} book={book} onChanged={onChanged} />;
}
