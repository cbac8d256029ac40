import { Button, Checkbox, Group, Modal, Select, Stack, Text, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { startBulk, useFollowed, type BulkAct, type BulkBody, type BulkTarget } from "~/api/bulk";
import { findingsOfError } from "~/api/problem";
import type { ObjectDef, Value } from "~/api/types";
import { editableFields } from "~/fields/draft";
import { FieldEdit } from "~/fields/FieldEdit";
import { GeneralFindings } from "~/fields/FieldForm";
import { RecordSelect } from "~/fields/RecordSelect";
import { RoomHint } from "~/holding/RoomHint";
import { useLabel, useLanguage } from "~/i18n";
import { PoolSelect } from "~/pools/PoolSelect";
import { formatDecimal } from "~/ui/format";
import { BulkResults } from "./BulkResults";
import { BulkRunning } from "./BulkRunning";
import { useBulkNotices } from "./useBulkNotices";

/** Records that one asks about room for at a time. */
const ASKED = 1_000;

type Props = { object: ObjectDef; act: Exclude<BulkAct, "move">; target: BulkTarget; size: number; onClose: (changed: boolean) => void };

/** One act on many records: what it is, what it would do, how it goes, and what came of it. */
export function BulkDialog({ object, act, target, size, onClose }: Props) {
  const { t } = useTranslation("bulk");
  const { t: records } = useTranslation("records");
  const { t: pools } = useTranslation("pools");
  const { t: leads } = useTranslation("leads");
  const label = useLabel();
  const language = useLanguage();
  const number = (value: number) => formatDecimal(value, language);
  const [key, setKey] = useState<string | null>(null);
  const [value, setValue] = useState<Value>();
  const [owner, setOwner] = useState<string | null>(null);
  const [ownerName, setOwnerName] = useState<string>();
  const [pool, setPool] = useState<string | null>(null);
  const [byRules, setByRules] = useState(false);
  const [keepAs, setKeepAs] = useState("none");
  const [reason, setReason] = useState("");
  const notices = useBulkNotices();

  // A value that must differ from record to record is not for many.
  const fields = editableFields(object.fields, "edit", object.key).filter((field) => !field.unique);
  const field = fields.find((it) => it.key === key);
  const body: BulkBody = {
    ...target,
    act,
    ...(act === "edit" && field ? { fields: { [field.key]: value ?? null } } : {}),
    ...(act === "change_owner" ? { owner: owner ?? undefined, keep_as: keepAs === "none" ? undefined : (keepAs as "read" | "read_write") } : {}),
    ...(act === "assign" ? (byRules ? { by_rules: true } : { owner: owner ?? undefined }) : {}),
    ...(act === "return" || act === "move_pool" ? { pool: pool ?? undefined } : {}),
    reason: reason.trim() || undefined,
  };
  const check = useMutation({ mutationFn: () => startBulk(object.key, { ...body, dry_run: true }) });
  const run = useMutation({ mutationFn: () => startBulk(object.key, body) });
  const trial = useFollowed(check.data, true);
  const real = useFollowed(run.data, false);
  const ready = act === "edit" ? field !== undefined : act === "change_owner" ? owner !== null : act === "assign" ? byRules || owner !== null : act === "move_pool" ? pool !== null : act === "return" ? reason.trim() !== "" : true;
  const findings = findingsOfError(run.error ?? check.error, [...(field ? [field.key] : []), "owner", "pool", "reason"]);
  // Of a great many it is told what the receiver has; whether all of them fit, the check says.
  const room = owner && <RoomHint object={object.key} person={owner} name={ownerName} {...("ids" in target && target.ids.length <= ASKED ? { records: target.ids } : {})} />;
  const title = t(`titles.${act}`, { shown: number(size) });

  if (real) {
    const leave = () => {
      onClose(true);
      void notices.follow(real).catch(() => undefined);
    };
    return (
      <Modal opened onClose={leave} title={title} size={640} closeOnClickOutside={real.state !== "running"}>
        {real.state === "running" ? (
          <BulkRunning bulk={real} />
        ) : (
          <Stack gap="md">
            <BulkResults bulk={real} object={object} />
            <Group justify="flex-end" gap="sm">
              {real.undo && real.state === "done" && (
                <Button
                  variant="default"
                  onClick={() => {
                    onClose(true);
                    void notices.undo(real);
                  }}
                >
                  {t("undo")}
                </Button>
              )}
              <Button data-autofocus onClick={leave}>
                {t("close", { ns: "ui" })}
              </Button>
            </Group>
          </Stack>
        )}
      </Modal>
    );
  }

  if (trial) {
    return (
      // Once it is begun, what comes of it is told here.
      <Modal opened onClose={() => !run.isPending && onClose(false)} title={title} size={640} withCloseButton={!run.isPending}>
        {trial.state === "running" ? (
          <BulkRunning bulk={trial} />
        ) : (
          <Stack gap="md">
            <Text size="sm" c="dimmed">
              {trial.changed === 0 && trial.refused === 0 ? t("nothingToDo") : t("checked")}
            </Text>
            <BulkResults bulk={trial} object={object} trial />
            <GeneralFindings findings={findings} />
            <Group justify="flex-end" gap="sm">
              <Button variant="default" onClick={() => check.reset()}>
                {t("back")}
              </Button>
              <Button color={act === "void" || act === "delete" ? "red.8" : undefined} disabled={trial.changed === 0} loading={run.isPending} onClick={() => run.mutate()} data-autofocus>
                {t(act === "void" ? "runVoid" : act === "restore" ? "runRestore" : act === "delete" ? "runDelete" : "run", { count: trial.changed, shown: number(trial.changed) })}
              </Button>
            </Group>
          </Stack>
        )}
      </Modal>
    );
  }

  return (
    <Modal opened onClose={() => onClose(false)} title={title} size={480}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) check.mutate();
        }}
      >
        <Stack gap="sm">
          <GeneralFindings findings={findings} />
          {act === "edit" && (
            <>
              <Select
                label={t("field")}
                data={fields.map((it) => ({ value: it.key, label: label(it.label) }))}
                value={key}
                searchable
                allowDeselect={false}
                data-autofocus
                onChange={(next) => {
                  setKey(next);
                  setValue(undefined);
                  check.reset();
                }}
              />
              {field && <FieldEdit key={field.key} field={field} label={t("newValue")} value={value} required={false} description={field.required ? undefined : t("emptyHint")} error={findings.byField[field.key]?.join(" ")} onChange={setValue} />}
            </>
          )}
          {act === "change_owner" && (
            <>
              <RecordSelect label={records("newOwner")} object="employee" value={owner} onChange={(id, name) => (setOwner(id), setOwnerName(name))} error={findings.byField.owner?.join(" ")} data-autofocus />
              {room}
              <Select
                label={records("keepAs")}
                value={keepAs}
                allowDeselect={false}
                onChange={(next) => setKeepAs(next ?? "none")}
                data={[
                  { value: "none", label: records("keepNone") },
                  { value: "read", label: records("keepRead") },
                  { value: "read_write", label: records("keepWrite") },
                ]}
              />
            </>
          )}
          {act === "assign" && (
            <>
              {object.key === "lead" && <Checkbox label={leads("byRules")} checked={byRules} onChange={(event) => setByRules(event.currentTarget.checked)} />}
              {!byRules && <RecordSelect label={leads("assignTo")} object="employee" value={owner} onChange={(id, name) => (setOwner(id), setOwnerName(name))} error={findings.byField.owner?.join(" ")} data-autofocus />}
              {!byRules && room}
            </>
          )}
          {(act === "return" || act === "move_pool") && (
            <PoolSelect object={object.key} label={pools("pool")} placeholder={act === "return" ? pools("byItself") : undefined} withAsterisk={act === "move_pool"} clearable={act === "return"} value={pool} error={findings.byField.pool?.join(" ")} onChange={setPool} />
          )}
          {act !== "edit" && act !== "change_owner" && act !== "assign" && act !== "move_pool" && <Text>{t(`${act}Text`)}</Text>}
          <Textarea label={t("reason", { ns: "ui" })} withAsterisk={act === "return"} value={reason} error={findings.byField.reason?.join(" ")} onChange={(event) => setReason(event.currentTarget.value)} autosize minRows={2} />
          <Group justify="flex-end" gap="sm" mt="xs">
            <Button variant="default" onClick={() => onClose(false)}>
              {t("cancel", { ns: "ui" })}
            </Button>
            <Button type="submit" disabled={!ready} loading={check.isPending}>
              {t("check")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
