import { Alert, Button, Group, Modal, Radio, Stack, Text, Textarea } from "@mantine/core";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/http";
import { messageOf } from "~/api/problem";
import { publishDraft, type Process, type Publication, type RunningDeals } from "~/api/processes";
import type { Violation } from "~/api/types";
import { told } from "~/objects/told";
import { Findings } from "../Findings";
import { Differences } from "./Differences";
import type { Asked } from "./Editor";
import { MappingTable } from "./MappingTable";
import { occupiedIn } from "./mapping";
import classes from "./pipelines.module.css";
import type { Problem } from "./problems";
import type { useDrawing } from "./useDrawing";

type Props = {
  id: string;
  published: Process | null;
  drawing: ReturnType<typeof useDrawing>;
  problems: Problem[];
  onClose: () => void;
  onPublished: () => Promise<void>;
  onOpen: (asked: Asked) => void;
};
/** What publishing would do, or why it would be refused. */
type Preview = { publication?: Publication; violations: Violation[] };

/** Publishes the draft: what changes, what becomes of the deals that run, and a word about it. Nothing happens before it is told. */
export function PublishDialog({ id, published, drawing, problems, onClose, onPublished, onOpen }: Props) {
  const { t } = useTranslation("pipelines");
  const [running, setRunning] = useState<RunningDeals>("follow");
  const [mapping, setMapping] = useState<Record<string, string>>({});
  const [note, setNote] = useState("");
  const { process, state, version } = drawing;
  const differences = state.answer?.differences ?? [];
  const blocked = problems.length > 0;
  const given = running === "follow" ? mapping : {};

  const preview = useQuery({
    queryKey: ["publish-preview", id, version(), running, given],
    enabled: !blocked,
    placeholderData: keepPreviousData,
    gcTime: 0,
    retry: false,
    queryFn: async (): Promise<Preview> => {
      try {
        return { publication: await publishDraft(id, { running, mapping: given }, version(), true), violations: [] };
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 422) return { violations: error.violations };
        throw error;
      }
    },
  });
  const publish = useMutation({
    mutationFn: () => publishDraft(id, { running, mapping: given, note }, version()),
    onSuccess: async (done) => {
      drawing.forget();
      told(t(done.running.job ? "publishedInBackground" : "published", { name: done.process.name, version: done.process.version }));
      onClose();
      await onPublished();
    },
  });

  const occupied = occupiedIn(preview.data?.violations ?? [], preview.data?.publication?.running.moved ?? [], mapping);
  const others = (preview.data?.violations ?? []).filter((it) => it.code !== "process.stage_occupied");
  const ready = !blocked && preview.isSuccess && !preview.isFetching && preview.data.violations.length === 0;
  const counts = preview.data?.publication?.running;
  const refused = publish.error instanceof ApiProblem && publish.error.violations.length > 0 ? publish.error.violations : undefined;

  return (
    <Modal opened onClose={onClose} size={680} title={t(published ? "publishTitle" : "publishFirst", { name: process.name, version: (published?.version ?? 0) + 1 })}>
      <Stack gap="md">
        {blocked && (
          <Alert color="red" variant="light" role="alert" title={t("toMendFirst")}>
            <ul className={classes.problems}>
              {problems.map(({ violation, place }, index) => (
                <li key={index}>
                  <button type="button" className={classes.plain} onClick={() => (onClose(), onOpen(place.stage ? { stage: place.stage, ...(place.task ? { task: place.task } : {}) } : place.setting[0] === "stages" ? {} : { tab: "general" }))}>
                    {violation.message || violation.code}
                  </button>
                </li>
              ))}
            </ul>
          </Alert>
        )}
        {(state.answer?.warnings ?? []).length > 0 && !blocked && (
          <div className={classes.warnings} role="status">
            <Findings kind="warning" findings={state.answer?.warnings ?? []} />
          </div>
        )}
        {published && (
          <section aria-label={t("whatChanges")} className={classes.changesBox}>
            <Text size="sm" fw={550} mb={4}>
              {t("whatChanges")}
            </Text>
            {differences.length > 0 ? <Differences differences={differences} processes={[process, published]} /> : <p className={classes.fine}>{t("changesNone")}</p>}
          </section>
        )}
        {published && (
          <Radio.Group label={t("runningDeals")} value={running} onChange={(value) => setRunning(value as RunningDeals)}>
            <Stack gap={8} mt={6}>
              {(["follow", "stay"] as const).map((value) => (
                <Radio key={value} value={value} label={t(`running.${value}`)} description={t(`runningHints.${value}`)} />
              ))}
            </Stack>
          </Radio.Group>
        )}
        {running === "follow" && occupied.length > 0 && <MappingTable occupied={occupied} process={process} mapping={mapping} onChange={setMapping} />}
        <Findings findings={others} />
        {preview.isError && <Findings findings={[{ code: preview.error instanceof ApiProblem ? preview.error.code : "error", message: messageOf(preview.error) }]} />}
        {published && counts && !preview.data?.violations.length && (
          <p className={classes.preview} role="status" aria-busy={preview.isFetching}>
            {counts.open === 0
              ? t("nobodyRuns")
              : [counts.following > 0 && t("wouldFollow", { count: counts.following }), counts.staying > 0 && t("wouldStay", { count: counts.staying }), counts.moved.length > 0 && t("wouldMove", { count: counts.moved.reduce((sum, it) => sum + it.count, 0) })].filter(Boolean).join(" ")}
          </p>
        )}
        <Textarea label={t("note")} description={t("noteHint")} autosize minRows={1} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        {publish.isError && <Findings findings={refused ?? [{ code: publish.error instanceof ApiProblem ? publish.error.code : "error", message: messageOf(publish.error) }]} />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("cancel", { ns: "ui" })}
          </Button>
          <Button disabled={!ready} loading={publish.isPending} onClick={() => publish.mutate()}>
            {t("publish")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
