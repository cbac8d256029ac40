import type { ObjectDef, Rec } from "~/api/types";

/** What may be done with a quote or an order, as the server tells it on the record; that an order may be made of an accepted quote is a right on orders. */
export function standing(record: Rec, order: ObjectDef | undefined) {
  const { can = [], cannot } = record;
  const mayOrder = record.object === "quote" && record.fields.quote_status === "accepted" && Boolean(order?.acts.includes("create"));
  return {
    can: (act: string) => can.includes(act) || (act === "create_order" && mayOrder),
    why: (act: string) => cannot?.find((one) => one.act === act)?.code,
  };
}
