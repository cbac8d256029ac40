import { move } from "@dnd-kit/helpers";
import { DragDropProvider } from "@dnd-kit/react";
import { Button } from "@mantine/core";
import { IconPlus, IconRoute } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { orderProcesses, useAfterProcesses, useProcessList, type Process, type ProcessList } from "~/api/processes";
import { keys, useMe } from "~/api/queries";
import { namesQuery } from "~/fields/names";
import { told } from "~/objects/told";
import { Listed } from "~/ui/Listed";
import { Page } from "~/ui/Page";
import { toldOfRefusal } from "~/ui/undoable";
import { useSortWords } from "../sortWords";
import { NewPipeline } from "./NewPipeline";
import classes from "./pipelines.module.css";
import { NewDraftRow, PipelineRow } from "./PipelineRow";

/** The sales processes in the order in which they are tried, and those that are still drawn. */
export function Pipelines() {
  const { t } = useTranslation("pipelines");
  const me = useMe();
  const client = useQueryClient();
  const after = useAfterProcesses();
  const processes = useProcessList();
  const [making, setMaking] = useState<Process | "new">();
  const items = [...(processes.data?.items ?? [])].sort((a, b) => a.precedence - b.precedence);
  const drafts = processes.data?.drafts ?? {};
  const people = useQuery(namesQuery("employee", "name", [...new Set(Object.values(drafts).map((draft) => draft.by))])).data ?? {};
  const unpublished = Object.entries(drafts).filter(([id]) => !items.some((process) => process.id === id));
  const nameOf = useCallback((id: string) => processes.data?.items.find((process) => process.id === id)?.name ?? "", [processes.data]);
  const plugins = useSortWords(nameOf);

  const order = useMutation({
    mutationFn: (ids: string[]) => orderProcesses(ids),
    onMutate: (ids) => {
      const before = client.getQueryData<ProcessList>(keys.processes);
      // Shown at once; a refusal puts it back.
      client.setQueryData<ProcessList>(keys.processes, (now) => now && { ...now, items: now.items.map((process) => ({ ...process, precedence: ids.indexOf(process.id) + 1 })) });
      return before;
    },
    onSuccess: () => told(t("orderSaved")),
    onError: (error, _ids, before) => {
      if (before) client.setQueryData(keys.processes, before);
      toldOfRefusal(error);
    },
    onSettled: after,
  });
  const put = (ids: string[]) => {
    if (ids.join() !== items.map((process) => process.id).join()) order.mutate(ids);
  };
  const shift = (index: number, by: 1 | -1) => {
    const ids = items.map((process) => process.id);
    const [taken] = ids.splice(index, 1);
    ids.splice(index + by, 0, taken!);
    put(ids);
  };

  return (
    <Page
      title={t("pipelines")}
      above={t("pipelinesHint")}
      actions={
        me.admin && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking("new")}>
            {t("newPipeline")}
          </Button>
        )
      }
    >
      <Listed query={processes} rows={4} height={64} none={items.length + unpublished.length === 0} icon={IconRoute} title={t("pipelinesEmpty")} hint={t("pipelinesEmptyHint")}>
        <DragDropProvider plugins={plugins} onDragEnd={(event) => !event.canceled && put(move(items, event).map((process) => process.id))}>
          <ol className={classes.pipelines} aria-label={t("pipelines")}>
            {items.map((process, index) => (
              <PipelineRow
                key={process.id}
                process={process}
                draft={drafts[process.id]}
                draftBy={people[drafts[process.id]?.by ?? ""]}
                index={index}
                last={index === items.length - 1}
                editable={me.admin}
                onMove={(by) => shift(index, by)}
                onCopy={() => setMaking(process)}
              />
            ))}
          </ol>
        </DragDropProvider>
        {unpublished.length > 0 && (
          <>
            <h2 className={classes.listTitle}>{t("notPublishedYet")}</h2>
            <ul className={classes.pipelines} aria-label={t("notPublishedYet")}>
              {unpublished.map(([id, draft]) => (
                <NewDraftRow key={id} id={id} draft={draft} by={people[draft.by]} />
              ))}
            </ul>
          </>
        )}
      </Listed>
      {making && <NewPipeline from={making === "new" ? undefined : making} onClose={() => setMaking(undefined)} />}
    </Page>
  );
}
