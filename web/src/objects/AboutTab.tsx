import { Button, Group } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useActOnObject, useAfterDefinition, useChangeObject, type Definition, type ObjectBody } from "~/api/definitions";
import { findingsOfError } from "~/api/problem";
import { GeneralFindings } from "~/fields/FieldForm";
import { useLabel } from "~/i18n";
import { Acts } from "./Acts";
import { IconPicker } from "./IconPicker";
import { filledLabel } from "./keys";
import { LabelInputs } from "./LabelInputs";
import { KeyInput } from "./ObjectDialog";
import { Meanwhile } from "./Meanwhile";
import { presentOf, same, writeOver } from "./meanwhile";
import { told } from "./told";
import classes from "./objects.module.css";

const SHOWN = ["label", "plural", "icon"];

/** What the object is called, how it looks. */
export function AboutTab({ object }: { object: Definition }) {
  const { t } = useTranslation("objects");
  const label = useLabel();
  const [changes, setChanges] = useState<ObjectBody>({});
  // What the person saw when the first change was begun.
  const [base, setBase] = useState(object);
  const touched = Object.keys(changes) as (keyof ObjectBody)[];
  if (touched.length === 0 && base !== object) setBase(object);
  const navigate = useNavigate();
  const save = useChangeObject(object.key);
  const act = useActOnObject(object.key);
  const after = useAfterDefinition();
  const shown = { ...object, ...changes };
  const findings = findingsOfError(save.error, SHOWN);
  const errorAt = (field: string) => findings.byField[field]?.join(" ");
  const present = presentOf(save.error);
  const submit = (over: Definition) => {
    const body = { ...changes, ...(changes.label ? { label: filledLabel(changes.label) } : {}), ...(changes.plural ? { plural: filledLabel(changes.plural) } : {}) };
    void writeOver(over.version, (now) => touched.every((key) => same(now[key], over[key])), (version) => save.mutateAsync({ body, version })).then(
      () => {
        setChanges({});
        told(t("aboutSaved", { name }));
      },
      () => undefined,
    );
  };
  const set = (change: ObjectBody) => setChanges((now) => ({ ...now, ...change }));
  const name = label(object.plural);
  const names: Record<string, string> = { label: t("oneName"), plural: t("manyName"), icon: t("icon") };
  const words = (of: Pick<Definition, "label" | "plural" | "icon">, key: string) =>
    key === "icon" ? t(`icons.${of.icon ?? "cube"}` as "icons.cube") : `${of[key as "label"].en} · ${of[key as "label"]["zh-CN"]}`;

  return (
    <>
      <form
        className={classes.card}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit(base);
        }}
      >
        <h2 className={classes.partTitle}>{t("essentials")}</h2>
        {present ? (
          <Meanwhile
            rows={touched.filter((key) => !same(present[key], base[key])).map((key) => ({ name: names[key] ?? key, now: words(present, key), mine: words(shown, key) }))}
            busy={save.isPending}
            onKeepMine={() => submit(present)}
            onTakeTheirs={() => {
              setChanges({});
              save.reset();
              void after(object.key);
            }}
          />
        ) : (
          <GeneralFindings findings={findings} />
        )}
        <LabelInputs what={t("oneName")} required value={shown.label} error={errorAt("label")} onChange={(it) => set({ label: it })} />
        <LabelInputs what={t("manyName")} required value={shown.plural} error={errorAt("plural")} onChange={(it) => set({ plural: it })} />
        <KeyInput fixed value={object.key} hint={t("objectKeyHint")} onChange={() => undefined} />
        {!object.preset && <IconPicker value={shown.icon ?? "cube"} onChange={(icon) => set({ icon })} />}
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
