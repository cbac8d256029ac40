import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Nobody } from "~/api/approvalFlows";
import type { Refs } from "~/api/types";
import classes from "./flows.module.css";
import { OneRecord } from "./OneRecord";

const KINDS = ["administrators", "person", "skip", "fail"] as const;

/** What becomes of a step for which nobody is found. */
export function NobodyForm({ nobody = { type: "administrators" }, refs, error, onChange }: { nobody?: Nobody; refs: Refs; error?: string; onChange: (nobody: Nobody) => void }) {
  const { t } = useTranslation("flows");
  const person = nobody.type === "person" ? nobody : undefined;
  return (
    <div className={classes.pair}>
      <Select label={t("nobody")} className={person ? undefined : classes.wide} allowDeselect={false} data={KINDS.map((it) => ({ value: it, label: t(`nobodies.${it}`) }))} value={nobody.type} error={person ? undefined : error} onChange={(it) => it && it !== nobody.type && onChange(it === "person" ? { type: "person", id: "" } : { type: it as "skip" | "administrators" | "fail" })} />
      {person && <OneRecord object="employee" label={t("nobodyPerson")} value={person.id} refs={refs} error={error} onChange={(id) => onChange({ type: "person", id })} />}
    </div>
  );
}
