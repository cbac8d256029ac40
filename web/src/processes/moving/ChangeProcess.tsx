import { Badge, Modal, Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get } from "~/api/http";
import type { OtherProcess } from "~/api/path";
import { keys, useRecord } from "~/api/queries";
import type { Path, PathStage, Rec } from "~/api/types";
import { useLabel } from "~/i18n";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { MoveForm } from "../MoveForm";
import classes from "../path.module.css";
import { pathQuery } from "../useMove";

type Props = { id: string; onMoved?: (record: Rec) => void; onClose: (moved: boolean) => void };

/** Brings a deal into another process: which, in which stage, and what stands against it. */
export function ChangeProcess({ id, onMoved, onClose }: Props) {
  const { t } = useTranslation("path");
  const { t: words } = useTranslation("processes");
  const record = useRecord("opportunity", id);
  const path = useQuery(pathQuery(id));
  const others = useQuery({ queryKey: [...keys.record("opportunity", id), "processes"], queryFn: () => get<{ items: OtherProcess[] }>(`/records/opportunity/${id}/processes`) });
  const error = record.error ?? path.error ?? others.error;
  const name = String(record.data?.fields["name"] ?? "");
  return (
    <Modal opened onClose={() => onClose(false)} size="lg" title={t("change.title", { name })} closeButtonProps={{ "aria-label": words("close") }}>
      {error ? (
        <ErrorState compact error={error} />
      ) : !record.data || !path.data || !others.data ? (
        <RowSkeletons rows={4} />
      ) : others.data.items.length === 0 ? (
        <EmptyState title={t("change.none")} />
      ) : (
        <Choice
          record={record.data}
          path={path.data}
          processes={others.data.items}
          onMoved={(moved) => {
            onMoved?.(moved);
            onClose(true);
          }}
          onCancel={() => onClose(false)}
        />
      )}
    </Modal>
  );
}

/** A stage of another process as the dialog of a move takes it. */
export function stageOf(stage: OtherProcess["stages"][number]): PathStage {
  const asked = (code: string) => code === "stage.missing_field" || code === "stage.reason_required";
  return { ...stage, type: "in_progress", state: "upcoming", overdue: false, reachable: stage.requirements.every((one) => asked(one.code)), asks_reason: true };
}

function Choice({ record, path, processes, onMoved, onCancel }: { record: Rec; path: Path; processes: OtherProcess[]; onMoved: (record: Rec) => void; onCancel: () => void }) {
  const { t } = useTranslation("path");
  const label = useLabel();
  const [processId, setProcess] = useState(processes[0]?.id ?? "");
  const process = processes.find((one) => one.id === processId) ?? processes[0]!;
  const [stageKey, setStage] = useState<string>();
  const stage = process.stages.find((one) => one.key === stageKey) ?? process.stages[0];
  const here = path.stages.find((one) => one.key === path.current);
  const blockedBy = (key: string) => {
    const one = process.stages.find((it) => it.key === key);
    return one ? one.requirements.filter((it) => it.code !== "stage.reason_required").length : 0;
  };
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t("change.present", { process: path.process.name, stage: label(here?.label) })} {t("change.hint")}
      </Text>
      <div className={classes.pair}>
        <Select
          label={t("change.process")}
          data={processes.map((one) => ({ value: one.id, label: one.name }))}
          value={process.id}
          allowDeselect={false}
          data-autofocus
          onChange={(next) => {
            setProcess(next ?? process.id);
            setStage(undefined);
          }}
        />
        <Select
          label={t("change.stage")}
          data={process.stages.map((one) => ({ value: one.key, label: label(one.label) }))}
          value={stage?.key ?? null}
          allowDeselect={false}
          onChange={(next) => setStage(next ?? undefined)}
          renderOption={({ option }) => (
            <span className={classes.option}>
              {option.label}
              {blockedBy(option.value) > 0 && <Badge className={classes.blocked}>{t("change.blocked", { count: blockedBy(option.value) })}</Badge>}
            </span>
          )}
        />
      </div>
      {stage && <MoveForm key={`${process.id}-${stage.key}`} record={record} path={path} target={stageOf(stage)} process={process} onTarget={setStage} onMoved={onMoved} onCancel={onCancel} />}
    </Stack>
  );
}
