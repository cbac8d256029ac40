import { Button, MultiSelect, NumberInput, Radio, Select, Stack, Switch, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { poolOf, useSavePool, type Pool, type PoolDocument, type PoolMode } from "~/api/pools";
import { ApiProblem } from "~/api/http";
import { isConflict, messageOf } from "~/api/problem";
import { useObjects } from "~/api/queries";
import type { Violation } from "~/api/types";
import { ConditionEditor } from "~/conditions/ConditionEditor";
import { GeneralFindings } from "~/fields/FieldForm";
import { HELD } from "~/holding/held";
import { useLabel } from "~/i18n";
import { Meanwhile } from "~/objects/Meanwhile";
import { same } from "~/objects/meanwhile";
import { told } from "~/objects/told";
import { ReceiversSelect } from "~/sharing/Receivers";
import { Page } from "~/ui/Page";
import { UnsavedGuard } from "~/ui/UnsavedGuard";
import classes from "./pools.module.css";
import { ReclaimRules } from "./ReclaimRules";

const PARTS = ["name", "object", "condition", "administrators", "members", "mode", "hidden", "claims_per_day", "not_again_for_days", "reclaim", "clears"];
const partOf = ({ path }: Violation) => (path ?? "").split(/[./]/).find(Boolean) ?? "";
/** What is never veiled or cleared: by these a record is known, and led. */
const KEPT = ["owner", "pool", "lifecycle_status", "locked", "id"];

type Whole = Pool & PoolDocument;
const begun = (object: string): PoolDocument => ({ object, name: "", active: true, administrators: [], members: [], mode: "claimable", hidden: [], reclaim: [], clears: { team: false, fields: [] } });

/** All that holds in a pool. */
export function PoolEditor({ pool, object, onLeave }: { pool?: Whole; object: string; onLeave: () => void }) {
  const { t } = useTranslation("pools");
  const label = useLabel();
  const objects = useObjects();
  const [base, setBase] = useState(pool);
  const [draft, setDraft] = useState<PoolDocument>(pool ? poolOf(pool) : begun(object));
  const [fills, setFills] = useState<"condition" | "manual">(pool && !pool.condition ? "manual" : pool ? "condition" : "manual");
  const save = useSavePool();
  const left = useRef(false);
  const set = (change: Partial<PoolDocument>) => {
    if (save.isError && !isConflict(save.error)) save.reset();
    setDraft((now) => ({ ...now, ...change }));
  };
  const document: PoolDocument = { ...draft, name: draft.name.trim(), condition: fills === "condition" ? draft.condition : null };
  const changed = base ? !same(poolOf(document), poolOf(base)) : draft.name !== "";
  const of = objects.find((it) => it.key === draft.object);
  const fields = (of?.fields ?? []).filter((field) => !KEPT.includes(field.key) && field.key !== of?.name_field);
  const choices = fields.filter((field) => !field.system).map((field) => ({ value: field.key, label: label(field.label) }));
  const clearable = fields.filter((field) => !field.read_only && !field.required && !field.system).map((field) => ({ value: field.key, label: label(field.label) }));

  const present = isConflict(save.error) ? (save.error.record as unknown as Whole | undefined) : undefined;
  const violations = save.error instanceof ApiProblem && !present ? save.error.violations : [];
  const at = (part: string) => violations.filter((it) => partOf(it) === part);
  const textAt = (part: string) => at(part).map((it) => it.message).join(" ") || undefined;
  const loose = save.isError && !present ? (violations.length > 0 ? violations.filter((it) => !PARTS.includes(partOf(it))).map((it) => it.message) : [messageOf(save.error)]) : [];
  const submit = (over: { id: string; version: number } | undefined = base) =>
    save.mutate(
      { document, over },
      {
        onSuccess: (saved) => {
          left.current = true;
          told(t("saved", { name: saved.name }));
          onLeave();
        },
      },
    );

  return (
    <Page title={base?.name ?? t("newPool")} above={<Link to="/admin/pools">{t("settings")}</Link>} narrow>
      <form
        noValidate
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {present ? (
          <Meanwhile
            rows={[]}
            busy={save.isPending}
            onKeepMine={() => submit(present)}
            onTakeTheirs={() => {
              setBase(present);
              setDraft(poolOf(present));
              setFills(present.condition ? "condition" : "manual");
              save.reset();
            }}
          />
        ) : (
          <GeneralFindings findings={{ byField: {}, general: loose }} />
        )}
        <TextInput label={t("name")} withAsterisk autoFocus={!pool} value={draft.name} error={textAt("name")} onChange={(event) => set({ name: event.currentTarget.value })} />
        {base ? (
          <TextInput label={t("object")} value={label(of?.plural) || draft.object} readOnly variant="filled" />
        ) : (
          <Select
            label={t("object")}
            allowDeselect={false}
            data={HELD.map((key) => ({ value: key, label: label(objects.find((it) => it.key === key)?.plural) || key }))}
            value={draft.object}
            error={textAt("object")}
            onChange={(key) => key && key !== draft.object && set({ object: key, condition: null, hidden: [], clears: { ...draft.clears, fields: [] } })}
          />
        )}
        <Switch label={t("active")} description={t("activeHint")} checked={draft.active} onChange={(event) => set({ active: event.currentTarget.checked })} />
        <Part title={t("fills")}>
          <Radio.Group aria-label={t("fills")} value={fills} onChange={(value) => setFills(value as typeof fills)}>
            <Stack gap={8}>
              {(["manual", "condition"] as const).map((kind) => (
                <Radio key={kind} value={kind} label={t(`fillsKinds.${kind}`)} description={t(`fillsHints.${kind}`)} />
              ))}
            </Stack>
          </Radio.Group>
          {fills === "condition" && <ConditionEditor key={draft.object} object={draft.object} lasting label={t("condition")} hint={t("conditionHint")} value={draft.condition} findings={at("condition")} onChange={(condition) => set({ condition: condition ?? null })} />}
        </Part>
        <Part title={t("members")} hint={t("membersHint")}>
          <ReceiversSelect value={draft.members} error={textAt("members")} onChange={(members) => set({ members })} />
        </Part>
        <Part title={t("administrators")} hint={t("administratorsHint")}>
          <ReceiversSelect value={draft.administrators} error={textAt("administrators")} onChange={(administrators) => set({ administrators })} />
        </Part>
        <Part title={t("mode")}>
          <Radio.Group aria-label={t("mode")} value={draft.mode} error={textAt("mode")} onChange={(mode) => set({ mode: mode as PoolMode })}>
            <Stack gap={8}>
              {(["claimable", "assigned_only"] as const).map((mode) => (
                <Radio key={mode} value={mode} label={t(`modes.${mode}`)} description={t(`modeHints.${mode}`)} />
              ))}
            </Stack>
          </Radio.Group>
          <MultiSelect label={t("hiddenLabel")} description={t("hiddenHint")} searchable data={choices} value={draft.hidden} error={textAt("hidden")} onChange={(hidden) => set({ hidden })} />
        </Part>
        <Part title={t("limits")}>
          <div className={classes.pair}>
            <NumberInput label={t("claimsPerDay")} description={t("claimsPerDayHint")} min={1} max={10_000} allowDecimal={false} allowNegative={false} value={draft.claims_per_day ?? ""} error={textAt("claims_per_day")} onChange={(value) => set({ claims_per_day: value === "" ? null : Number(value) })} />
            <NumberInput label={t("notAgain")} description={t("notAgainHint")} min={1} max={3_650} allowDecimal={false} allowNegative={false} value={draft.not_again_for_days ?? ""} error={textAt("not_again_for_days")} onChange={(value) => set({ not_again_for_days: value === "" ? null : Number(value) })} />
          </div>
        </Part>
        <Part title={t("reclaim")} hint={t("reclaimHint")}>
          <ReclaimRules value={draft.reclaim} findings={at("reclaim")} onChange={(reclaim) => set({ reclaim })} />
        </Part>
        <Part title={t("clears")}>
          <Switch label={t("clearsTeam")} checked={draft.clears.team} onChange={(event) => set({ clears: { ...draft.clears, team: event.currentTarget.checked } })} />
          <MultiSelect label={t("clearsFields")} searchable data={clearable} value={draft.clears.fields} error={textAt("clears")} onChange={(chosen) => set({ clears: { ...draft.clears, fields: chosen } })} />
        </Part>
        <div className={classes.foot}>
          <Button variant="default" onClick={onLeave}>
            {t("cancel", { ns: "ui" })}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={present !== undefined || (base !== undefined && !changed)}>
            {t(base ? "save" : "create")}
          </Button>
        </div>
      </form>
      <UnsavedGuard changed={() => changed && !left.current} />
    </Page>
  );
}

function Part({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <fieldset className={classes.set}>
      <legend>{title}</legend>
      {hint && <p className={classes.fine}>{hint}</p>}
      {children}
    </fieldset>
  );
}
