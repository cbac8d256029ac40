import { move } from "@dnd-kit/helpers";
import { DragDropProvider } from "@dnd-kit/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { flowKeys, orderFlows, useDeleteFlow, type Flow, type Flows } from "~/api/approvalFlows";
import type { ObjectDef } from "~/api/types";
import { useConditionText } from "~/conditions/useConditionText";
import { useLabel } from "~/i18n";
import { told } from "~/objects/told";
import { useSortWords } from "~/processes/sortWords";
import { ConfirmDialog } from "~/ui/ConfirmButton";
import { toldOfRefusal } from "~/ui/undoable";
import { FlowLine } from "./FlowLine";
import classes from "./flows.module.css";
import { reordered } from "./order";

type Props = { object: ObjectDef; flows: Flow[]; /** Those of every object. */ all: Flow[] };

/** The flows of one object, topmost first: dragged into order, by pointer or keyboard. */
export function FlowLines({ object, flows, all }: Props) {
  const { t } = useTranslation("flows");
  const label = useLabel();
  const client = useQueryClient();
  const remove = useDeleteFlow();
  const [removed, setRemoved] = useState<Flow>();
  const say = useConditionText(object.key, ...flows.map((flow) => flow.condition));
  const plugins = useSortWords(useCallback((id: string) => flows.find((flow) => flow.id === id)?.name ?? "", [flows]));
  const order = useMutation({
    mutationFn: orderFlows,
    onMutate: (ids) => {
      const before = client.getQueryData<Flows>(flowKeys.all);
      // Shown at once; a refusal puts it back.
      client.setQueryData<Flows>(flowKeys.all, (now) => now && { ...now, items: ids.flatMap((id) => now.items.find((flow) => flow.id === id) ?? []) });
      return before;
    },
    onSuccess: () => told(t("orderSaved")),
    onError: (error, _ids, before) => {
      if (before) client.setQueryData(flowKeys.all, before);
      toldOfRefusal(error);
    },
    onSettled: () => client.invalidateQueries({ queryKey: flowKeys.all }),
  });
  const put = (ids: string[]) => {
    if (ids.join() !== flows.map((flow) => flow.id).join()) order.mutate(reordered(all.map((flow) => flow.id), ids));
  };
  const shift = (index: number, by: 1 | -1) => {
    const ids = flows.map((flow) => flow.id);
    const [taken] = ids.splice(index, 1);
    ids.splice(index + by, 0, taken!);
    put(ids);
  };
  return (
    <DragDropProvider plugins={plugins} onDragEnd={(event) => !event.canceled && put(move(flows, event).map((flow) => flow.id))}>
      <ol className={classes.lines} aria-label={`${t("title")}: ${label(object.plural)}`}>
        {flows.map((flow, index) => (
          <FlowLine key={flow.id} flow={flow} index={index} last={index === flows.length - 1} condition={flow.condition ? say(flow.condition) : undefined} onMove={(by) => shift(index, by)} onDelete={() => setRemoved(flow)} />
        ))}
      </ol>
      <ConfirmDialog
        opened={removed !== undefined}
        onClose={() => setRemoved(undefined)}
        title={t("deleteTitle", { name: removed?.name ?? "" })}
        text={t("deleteText")}
        confirm={t("delete", { ns: "ui" })}
        danger
        onConfirm={async () => {
          if (!removed) return;
          await remove.mutateAsync(removed);
          told(t("gone", { ns: "ui", name: removed.name }));
        }}
      />
    </DragDropProvider>
  );
}
