import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import type { Condition, Rec, Value } from "~/api/types";
import { RecordSelect } from "~/fields/RecordSelect";
import { useLabel } from "~/i18n";
import { ofDeal, RIVAL } from "./api";

type Props = { deal: Rec; value: Value; error?: string; onChange: (competitor: string | null) => void };

/** To whom a deal is lost: those who were after it are offered, and anybody else by name. */
export function LostTo({ deal, value, error, onChange }: Props) {
  const { t } = useTranslation("deals");
  const label = useLabel();
  const field = useObject("opportunity")?.fields.find((one) => one.key === "competitor");
  const rivals = useQuery(ofDeal(useObject(RIVAL), deal.id, "created_at"));
  if (!field || field.access !== "write") return null;
  const here: Condition | undefined = rivals.data && rivals.data.length > 0 ? { exists: { object: RIVAL, where: { field: "opportunity", op: "eq", value: deal.id } } } : undefined;
  const name = (id: Value) => (typeof id === "string" ? (deal.refs?.[id]?.name ?? rivals.data?.find((rival) => rival.fields.competitor === id)?.refs?.[id]?.name) : undefined);
  return <RecordSelect object="competitor" label={label(field.label)} description={t(here ? "lostToHint" : "lostToAny")} filter={here} value={typeof value === "string" ? value : null} name={name(value)} error={error} onChange={(id) => onChange(id)} mt="sm" />;
}
