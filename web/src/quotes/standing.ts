import type { ObjectDef, Rec } from "~/api/types";

/** Acts that the server tells on the record where it knows them; others hang on the right to edit, and the server says at the act what stands against it. */
const BY_EDIT: Record<string, Record<string, string[]>> = {
  sales_order: { draft: ["confirm", "cancel"], confirmed: ["cancel"] },
};

export function standing(record: Rec, order: ObjectDef | undefined) {
  const { can = [], cannot } = record;
  const why = (act: string) => cannot?.find((one) => one.act === act)?.code;
  const tells = (acts: string[]) => acts.some((act) => can.includes(act) || why(act));
  const byEdit = BY_EDIT[record.object];
  const fallback = byEdit && !tells(Object.values(byEdit).flat()) && can.includes("edit") ? (byEdit[String(record.fields.order_status)] ?? []) : [];
  const mayOrder = record.object === "quote" && record.fields.quote_status === "accepted" && order?.acts.includes("create") && !tells(["create_order"]);
  return {
    can: (act: string) => can.includes(act) || fallback.includes(act) || (act === "create_order" && Boolean(mayOrder)),
    why,
  };
}
