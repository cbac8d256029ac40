import { Button, Group, Radio, Select, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAfterDefinition, useChangeObject, type Definition } from "~/api/definitions";
import { findingsOfError } from "~/api/problem";
import type { ObjectDef } from "~/api/types";
import { GeneralFindings } from "~/fields/FieldForm";
import { useLabel } from "~/i18n";
import { Meanwhile } from "./Meanwhile";
import { presentOf, same, writeOver } from "./meanwhile";
import { BASES } from "./ObjectDialog";
import { told } from "./told";
import classes from "./objects.module.css";

type Base = ObjectDef["base"];
const PARENT = "by_parent";
const parentOf = (base: Base) => (typeof base === "object" && base !== null ? base.by_parent : undefined);

/** Who sees the records of an object where nothing else gives them: before teams, sharing rules and roles. */
export function BaseCard({ object }: { object: Definition }) {
  const { t } = useTranslation("objects");
  const label = useLabel();
  const save = useChangeObject(object.key);
  const after = useAfterDefinition();
  const [chosen, setChosen] = useState<Base>();
  // What the person saw when the change was begun.
  const [seen, setSeen] = useState(object);
  if (chosen === undefined && seen !== object) setSeen(object);
  const base = chosen ?? object.base ?? "private";
  const parent = parentOf(base);
  const parents = object.fields.filter((field) => field.state === "live" && (field.type === "reference" || field.type === "master"));
  const present = presentOf(save.error);
  const findings = findingsOfError(save.error, ["base"]);
  const words = (it: Base) => {
    const field = parentOf(it);
    return field !== undefined ? t("bases.by_parent", { field: label(object.fields.find((one) => one.key === field)?.label) || field }) : t(`baseNames.${(it ?? "private") as "private"}`);
  };
  const choose = (next: Base) => {
    if (save.isError) save.reset();
    setChosen(same(next, object.base) ? undefined : next);
  };
  const submit = (over: Definition) =>
    void writeOver(over.version, (now) => same(now.base, over.base), (version) => save.mutateAsync({ body: { base }, version })).then(
      () => {
        setChosen(undefined);
        told(t("baseSaved", { name: label(object.plural) }));
      },
      () => undefined,
    );

  return (
    <form
      className={classes.card}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit(seen);
      }}
    >
      <h2 className={classes.partTitle}>{t("base")}</h2>
      <p className={classes.fine}>{t("baseHint")}</p>
      {present ? (
        <Meanwhile
          rows={[{ name: t("base"), now: words(present.base), mine: words(base) }]}
          busy={save.isPending}
          onKeepMine={() => submit(present)}
          onTakeTheirs={() => {
            setChosen(undefined);
            save.reset();
            void after(object.key);
          }}
        />
      ) : (
        <GeneralFindings findings={{ byField: {}, general: [...(findings.byField["base"] ?? []), ...findings.general] }} />
      )}
      <Radio.Group aria-label={t("base")} value={parent === undefined ? String(base) : PARENT} onChange={(key) => choose(key === PARENT ? { by_parent: parentOf(object.base) ?? parents[0]?.key ?? "" } : key)}>
        <Stack gap={10}>
          {BASES.map((key) => (
            <Radio key={key} value={key} label={t(`baseNames.${key}`)} description={t(`baseHints.${key}`)} />
          ))}
          {parents.length > 0 && <Radio value={PARENT} label={t("baseNames.by_parent")} description={t("baseHints.by_parent")} />}
        </Stack>
      </Radio.Group>
      {parent !== undefined && (
        <Select label={t("baseParent")} ml={28} maw={320} allowDeselect={false} data={parents.map((field) => ({ value: field.key, label: label(field.label) }))} value={parent} onChange={(key) => key && choose({ by_parent: key })} />
      )}
      <Group justify="flex-end">
        <Button type="submit" loading={save.isPending} disabled={chosen === undefined || present !== undefined}>
          {t("save")}
        </Button>
      </Group>
    </form>
  );
}
