import { useTranslation } from "react-i18next";
import type { ObjectDef, Rec } from "~/api/types";

/** What is made of lines and at some time goes out: from then on its lines stay as they are. */
const PAPERS: Record<string, string> = { quote: "quote_status", sales_order: "order_status" };

/** Whether the rows of a record may be changed, as the server says; and what stands against it. */
export function useMayEdit(record: Rec, object: ObjectDef): { may: boolean; why?: string } {
  const { t } = useTranslation("lines");
  const granted = object.fields.some((field) => field.key === "product" && field.access === "write");
  const { can = [], cannot } = record;
  const status = PAPERS[record.object];
  const act = status ? "edit_lines" : "edit";
  const may = granted && can.includes(act);
  const stands = cannot?.find((one) => one.act === act || one.act === "edit")?.code ?? (status && record.fields[status] !== "draft" ? `${record.object === "quote" ? "quote" : "order"}.not_draft` : undefined);
  const why = !may && granted && stands ? t(`stands.${stands.replace(".", "_")}` as "stands.other", { defaultValue: t("stands.other") }) : undefined;
  return { may, why };
}
