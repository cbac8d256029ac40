import { Button, Group, Select } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useActOnObject, useAfterDefinition, useChangeObject, type Definition, type ObjectBody } from "~/api/definitions";
import { findingsOfError } from "~/api/problem";
import type { ObjectDef } from "~/api/types";
import { GeneralFindings } from "~/fields/FieldForm";
import { useLabel } from "~/i18n";
import { Acts } from "./Acts";
import { IconPicker } from "./IconPicker";
import { filledLabel } from "./keys";
import { LabelInputs } from "./LabelInputs";
import { BASES, KeyInput } from "./ObjectDialog";
import { told } from "./told";
import classes from "./objects.module.css";

const SHOWN = ["label", "plural", "icon", "base"];
const PARENT = "by_parent:";
type Base = ObjectDef["base"];
const wordOf = (base: Base): string => (typeof base === "object" && base !== null ? PARENT + base.by_parent : (base ?? "private"));
const baseOf = (word: string): Base => (word.startsWith(PARENT) ? { by_parent: word.slice(PARENT.length) } : word);

/** What the object is called, how it looks, who sees its records. */
export function AboutTab({ object }: { object: Definition }) {
  const { t } = useTranslation("objects");
  const label = useLabel();
  const [changes, setChanges] = useState<ObjectBody>({});
  const navigate = useNavigate();
  const save = useChangeObject(object.key);
  const act = useActOnObject(object.key);
  const after = useAfterDefinition();
  const shown = { ...object, ...changes };
  const findings = findingsOfError(save.error, SHOWN);
  const errorAt = (field: string) => findings.byField[field]?.join(" ");
  const set = (change: ObjectBody) => setChanges((now) => ({ ...now, ...change }));
  const parents = object.fields.filter((field) => field.state === "live" && (field.type === "reference" || field.type === "master"));
  const name = label(object.plural);

  return (
    <>
      <form
        className={classes.card}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const body = { ...changes, ...(changes.label ? { label: filledLabel(changes.label) } : {}), ...(changes.plural ? { plural: filledLabel(changes.plural) } : {}) };
          save.mutate(body, {
            onSuccess: () => {
              setChanges({});
              told(t("aboutSaved", { name }));
            },
          });
        }}
      >
        <h2 className={classes.partTitle}>{t("essentials")}</h2>
        <GeneralFindings findings={findings} />
        <LabelInputs what={t("oneName")} required value={shown.label} error={errorAt("label")} onChange={(it) => set({ label: it })} />
        <LabelInputs what={t("manyName")} required value={shown.plural} error={errorAt("plural")} onChange={(it) => set({ plural: it })} />
        <KeyInput fixed value={object.key} hint={t("objectKeyHint")} onChange={() => undefined} />
        {!object.preset && <IconPicker value={shown.icon ?? "cube"} onChange={(icon) => set({ icon })} />}
        <Select
          label={t("base")}
          allowDeselect={false}
          data={[...BASES.map((it) => ({ value: it as string, label: t(`bases.${it}`) })), ...parents.map((field) => ({ value: PARENT + field.key, label: t("bases.by_parent", { field: label(field.label) }) }))]}
          value={wordOf(shown.base)}
          error={errorAt("base")}
          onChange={(word) => word && set({ base: baseOf(word) })}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending} disabled={Object.keys(changes).length === 0}>
            {t("save")}
          </Button>
        </Group>
      </form>
      <section className={classes.card}>
        <h2 className={classes.partTitle}>{t("dangerous")}</h2>
        <p className={classes.fine}>{object.preset ? t("presetKept") : t("actsHint")}</p>
        {!object.preset && <Acts name={name} keyOf={object.key} state={object.state} dropsAt={object.drops_at} act={act.mutateAsync} onDone={(what) => what === "drop" && void navigate({ to: "/admin/objects" }).then(() => after())} />}
      </section>
    </>
  );
}
