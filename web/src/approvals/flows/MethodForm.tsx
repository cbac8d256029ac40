import { NumberInput, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Method, Until, Whose } from "~/api/approvalFlows";
import { useRoles } from "~/api/roles";
import { useLabel } from "~/i18n";
import classes from "./flows.module.css";
import { said, type At } from "./places";

const USUAL_PERCENT = 50;
const KINDS = ["standard", "countersign", "percent", "named_order", "step_by_step"] as const;

const begun: Record<(typeof KINDS)[number], Method> = {
  standard: { type: "standard" },
  countersign: { type: "countersign" },
  percent: { type: "countersign", percent: USUAL_PERCENT },
  named_order: { type: "named_order" },
  step_by_step: { type: "step_by_step", of: "submitter", until: { type: "levels", n: 1 } },
};
const UNTILS: Record<Until["type"], Until> = { levels: { type: "levels", n: 1 }, role: { type: "role", role: "" }, department_head: { type: "department_head" } };

/** How those who are asked come to one answer. */
export function MethodForm({ method, at, onChange }: { method: Method; at: At; onChange: (method: Method) => void }) {
  const { t } = useTranslation("flows");
  const kind = method.type === "countersign" && method.percent != null ? "percent" : method.type;
  return (
    <div className={classes.pair}>
      <Select className={method.type === "step_by_step" || kind !== "percent" ? classes.wide : undefined} label={t("method")} allowDeselect={false} data={KINDS.map((it) => ({ value: it, label: t(`methods.${it}`) }))} value={kind} error={kind === "percent" || method.type === "step_by_step" ? undefined : said(at("method"))} onChange={(it) => it && it !== kind && onChange(begun[it as (typeof KINDS)[number]])} />
      {method.type === "countersign" && method.percent != null && (
        <NumberInput label={t("percent")} suffix=" %" min={1} max={100} allowDecimal={false} value={method.percent} error={said(at("method"))} onChange={(percent) => onChange({ type: "countersign", percent: Number(percent) || 0 })} />
      )}
      {method.type === "step_by_step" && <Line method={method} error={said(at("method"))} onChange={onChange} />}
    </div>
  );
}

function Line({ method, error, onChange }: { method: Extract<Method, { type: "step_by_step" }>; error?: string; onChange: (method: Method) => void }) {
  const { t } = useTranslation("flows");
  const label = useLabel();
  const roles = useRoles().data?.items ?? [];
  const { until } = method;
  return (
    <>
      <Select label={t("lineOf")} allowDeselect={false} data={(["submitter", "owner"] as const).map((of) => ({ value: of, label: t(`of.${of}`) }))} value={method.of} onChange={(of) => of && onChange({ ...method, of: of as Whose })} />
      <Select label={t("until")} allowDeselect={false} data={(["levels", "role", "department_head"] as const).map((it) => ({ value: it, label: t(`untils.${it}`) }))} value={until.type} error={until.type === "department_head" ? error : undefined} onChange={(it) => it && it !== until.type && onChange({ ...method, until: UNTILS[it as Until["type"]] })} />
      {until.type === "levels" && <NumberInput label={t("levels")} min={1} max={20} allowDecimal={false} value={until.n} error={error} onChange={(n) => onChange({ ...method, until: { type: "levels", n: Number(n) || 0 } })} />}
      {until.type === "role" && <Select label={t("source.role")} searchable allowDeselect={false} data={roles.map((role) => ({ value: role.key, label: label(role.name) }))} value={until.role || null} error={error} onChange={(role) => role && onChange({ ...method, until: { type: "role", role } })} />}
    </>
  );
}
