import { Button, Collapse, Group, Loader, Modal, Radio, Stack, Text, Textarea } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useMutation, useQueries, useQueryClient } from "@tanstack/react-query";
import { useState, type CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import { mergeRecords, readAllAgain, useMergeTrial, type Merged } from "~/api/merging";
import { findingsOfError } from "~/api/problem";
import { recordQuery } from "~/api/queries";
import type { Field, ObjectDef, Rec } from "~/api/types";
import { FieldShow } from "~/fields/FieldShow";
import { isEmpty } from "~/fields/contract";
import { GeneralFindings } from "~/fields/FieldForm";
import { useLabel } from "~/i18n";
import { nameOf } from "~/records/RecordDialog";
import { ErrorState } from "~/ui/ErrorState";
import { differing, proposedSource, proposedWinner, takenFrom } from "./choosing";
import classes from "./merging.module.css";
import { Moves } from "./Moves";
import { useMergeNotices } from "./useMergeNotices";

type Props = { object: ObjectDef; ids: string[]; onClose: (done?: Merged) => void };

/** Records beside each other: which stays, whose values it has, and what moves to it, asked of the server before it is done. */
export function MergeDialog({ object, ids, onClose }: Props) {
  const { t } = useTranslation("merging");
  const phone = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const asked = useQueries({ queries: ids.map((id) => ({ ...recordQuery(object.key, id), staleTime: 0 })) });
  const failed = asked.find((one) => one.isError);
  const records = asked.flatMap((one) => (one.data ? [one.data] : []));
  const title = t("mergeTitle", { count: ids.length });
  return (
    <Modal opened onClose={() => onClose()} title={title} size={Math.max(640, 240 + ids.length * 210)} fullScreen={phone} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
      {failed ? (
        <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
      ) : records.length < ids.length ? (
        <Loader size={22} role="status" aria-label={title} />
      ) : (
        <Choosing object={object} records={records} onClose={onClose} />
      )}
    </Modal>
  );
}

function Choosing({ object, records, onClose }: { object: ObjectDef; records: Rec[]; onClose: Props["onClose"] }) {
  const { t } = useTranslation("merging");
  const client = useQueryClient();
  const notices = useMergeNotices();
  const [wanted, setWanted] = useState<string>();
  const [touched, setTouched] = useState<Record<string, string>>({});
  const [unfolded, setUnfolded] = useState(false);
  const [reason, setReason] = useState("");
  const winnerId = wanted ?? proposedWinner(records) ?? "";
  const winner = records.find((record) => record.id === winnerId) ?? records[0]!;
  const versions = Object.fromEntries(records.map((record) => [record.id, record.version]));
  const losers = records.filter((record) => record.id !== winner.id).map((record) => record.id);
  // Of which fields one may say whose value is taken, the server says.
  const possible = useMergeTrial(object.key, winner.id, { losers, versions }, true);
  const choices = possible.data?.choices ?? [];
  const { different, same } = differing(object.fields.filter((field) => choices.includes(field.key)), records);
  const chosen = (field: string) => touched[field] ?? proposedSource(field, winner, records);
  const fields = takenFrom(different, chosen, winner, records);
  const trial = useMergeTrial(object.key, winner.id, { losers, versions, fields }, possible.isSuccess);
  const run = useMutation({
    mutationFn: () => mergeRecords(object.key, winner.id, { losers, versions, fields, reason: reason.trim() || undefined }),
    onSuccess: (done) => {
      readAllAgain(client);
      notices.merged(done, done.record ? nameOf(object, done.record) : name);
      onClose(done);
    },
  });
  const name = nameOf(object, winner);
  const refusal = run.error ?? trial.error ?? possible.error;
  const findings = findingsOfError(refusal, different.map((field) => field.key));

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (trial.isSuccess) run.mutate();
      }}
    >
      <Stack gap="md">
        <GeneralFindings findings={findings} />
        <div className={classes.grid} style={{ "--records": records.length } as CSSProperties}>
          <div className={classes.line} data-head role="radiogroup" aria-label={t("whichStays")}>
            <span className={classes.label}>{t("whichStays")}</span>
            {records.map((record) => (
              <label key={record.id} className={classes.cell} data-chosen={record.id === winner.id || undefined}>
                <Radio name="winner" value={record.id} checked={record.id === winner.id} onChange={() => setWanted(record.id)} aria-label={nameOf(object, record)} data-autofocus={record.id === winner.id || undefined} />
                <span className={classes.value}>
                  <strong>{nameOf(object, record)}</strong>
                  <small>{record.id === winner.id ? t("stays") : t("goes")}</small>
                </span>
              </label>
            ))}
          </div>
          {different.map((field) => (
            <FieldLine key={field.key} object={object} field={field} records={records} source={chosen(field.key)} error={findings.byField[field.key]?.join(" ")} onChoose={(id) => setTouched({ ...touched, [field.key]: id })} />
          ))}
        </div>
        {same.length > 0 && (
          <div>
            <Button variant="subtle" size="compact-sm" aria-expanded={unfolded} leftSection={unfolded ? <IconChevronDown size={15} /> : <IconChevronRight size={15} />} onClick={() => setUnfolded(!unfolded)}>
              {t("same", { count: same.length })}
            </Button>
            <Collapse expanded={unfolded}>
              <Same fields={same} record={winner} />
            </Collapse>
          </div>
        )}
        <section aria-label={t("moves", { name })} className={classes.moves} aria-busy={trial.isFetching}>
          <Text fw={600} size="sm">
            {t("moves", { name })}
          </Text>
          {trial.data ? <Moves moved={trial.data.moved} /> : !refusal && <Loader size={16} role="status" aria-label={t("working")} />}
          <Text size="sm" c="dimmed">
            {t("undoable")}
          </Text>
        </section>
        <Textarea label={t("reason", { ns: "ui" })} value={reason} onChange={(event) => setReason(event.currentTarget.value)} autosize minRows={1} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={() => onClose()}>
            {t("cancel", { ns: "ui" })}
          </Button>
          <Button type="submit" disabled={!trial.isSuccess || trial.isPlaceholderData} loading={run.isPending}>
            {t("merge")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

type LineProps = { object: ObjectDef; field: Field; records: Rec[]; source: string; error?: string; onChoose: (id: string) => void };

/** A field with the value of each record, of which one is chosen. */
function FieldLine({ object, field, records, source, error, onChoose }: LineProps) {
  const { t } = useTranslation("merging");
  const label = useLabel();
  const name = label(field.label);
  return (
    <div className={classes.line} role="radiogroup" aria-label={t("valueOf", { field: name })}>
      <span className={classes.label}>
        {name}
        {error && (
          <Text size="xs" c="var(--danger)" role="alert">
            {error}
          </Text>
        )}
      </span>
      {records.map((record) => (
        <label key={record.id} className={classes.cell} data-chosen={record.id === source || undefined}>
          <Radio name={`field-${field.key}`} value={record.id} checked={record.id === source} onChange={() => onChoose(record.id)} aria-label={nameOf(object, record)} />
          <span className={classes.value}>
            {isEmpty(record.fields[field.key]) ? <span className={classes.none}>{t("none")}</span> : <FieldShow field={field} value={record.fields[field.key]} refs={record.refs} dense />}
            <small className={classes.of}>{nameOf(object, record)}</small>
          </span>
        </label>
      ))}
    </div>
  );
}

function Same({ fields, record }: { fields: Field[]; record: Rec }) {
  const label = useLabel();
  return (
    <dl className={classes.same}>
      {fields.map((field) => (
        <div key={field.key}>
          <dt>{label(field.label)}</dt>
          <dd>
            <FieldShow field={field} value={record.fields[field.key]} refs={record.refs} dense />
          </dd>
        </div>
      ))}
    </dl>
  );
}
