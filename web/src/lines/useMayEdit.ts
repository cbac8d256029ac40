import { useTranslation } from "react-i18next";
import type { ObjectDef, Rec } from "~/api/types";

/** Whether the rows of a record may be changed, as the server says; and what stands against it. */
export function useMayEdit(record: Rec, object: ObjectDef): { may: boolean; why?: string } {
  const { t } = useTranslation("lines");
  const granted = object.fields.some((field) => field.key === "product" && field.access === "write");
  const stands = record.cannot?.find((one) => one.act === "edit_lines" || one.act === "edit")?.code;
  const can = record.can ?? [];
  const may = granted && !stands && (can.includes("edit_lines") || can.includes("edit"));
  const why = stands && granted ? t(`stands.${stands.replace(".", "_")}` as "stands.other", { defaultValue: t("stands.other") }) : undefined;
  return { may, why };
}
