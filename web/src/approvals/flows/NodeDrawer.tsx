import { Button, Drawer, Group, Stack, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Does, FlowDocument, FlowNode } from "~/api/approvalFlows";
import type { Refs, Violation } from "~/api/types";
import { Findings } from "~/processes/Findings";
import { ApproveForm } from "./ApproveForm";
import classes from "./flows.module.css";
import { removed, withNode } from "./graph";
import { ofNode, stepsOf, under } from "./places";
import { TaskForm } from "./TaskForm";
import type { useWords } from "./useWords";
import { WaysForm } from "./WaysForm";

type Props = {
  flow: FlowDocument;
  node: FlowNode | undefined;
  words: ReturnType<typeof useWords>;
  refs: Refs;
  violations: Violation[];
  judged: FlowNode[];
  onChange: (nodes: FlowNode[]) => void;
  onClose: () => void;
};

const PLACED = ["name", "method", "who", "nobody", "may_edit", "must_fill", "rejects", "submitter", "limit", "instruction", "ways"];

/** One step of a flow, beside the drawing: changes show in it at once. */
export function NodeDrawer({ flow, node, words, refs, violations, judged, onChange, onClose }: Props) {
  const { t } = useTranslation("flows");
  const faults = node ? ofNode(violations, judged, node.key) : [];
  const at = under(faults);
  const type = node?.does.type;
  const set = (does: Does) => node && onChange(withNode(flow.nodes, node.key, (it) => ({ ...it, does })));
  const removable = type && ["approve", "task", "branch", "fork"].includes(type);
  const shared = { flow, refs, words, at };
  return (
    <Drawer opened={node !== undefined} onClose={onClose} position="right" size={660} title={node ? words.nodeName(node) : ""}>
      {node && (
        <Stack gap="lg" key={node.key}>
          <Findings findings={faults.filter((it) => !PLACED.includes(stepsOf(it)[0] ?? ""))} />
          <TextInput label={t("nodeName")} placeholder={t(`kind.${node.does.type}`)} value={node.name ?? ""} error={at("name")[0]?.message} onChange={(event) => {
            const name = event.currentTarget.value;
            onChange(withNode(flow.nodes, node.key, (it) => ({ ...it, name })));
          }} />
          {node.does.type === "start" && <p className={classes.hint}>{t("startHint", { initiator: t(`whose.${flow.initiated_as}`) })}</p>}
          {(node.does.type === "approved" || node.does.type === "rejected") && <p className={classes.hint}>{t(`${node.does.type}Hint`)}</p>}
          {node.does.type === "approve" && <ApproveForm {...shared} nodeKey={node.key} does={node.does} onChange={set} />}
          {node.does.type === "task" && <TaskForm {...shared} does={node.does} onChange={set} />}
          {(node.does.type === "branch" || node.does.type === "fork") && <WaysForm flow={flow} node={node} at={at} onChange={onChange} />}
          <Group justify="space-between" className={classes.foot}>
            {removable ? (
              <Button
                variant="default"
                c="var(--danger)"
                leftSection={<IconTrash size={16} stroke={1.7} />}
                onClick={() => {
                  onClose();
                  onChange(removed(flow.nodes, node.key));
                }}
              >
                {t(type === "branch" || type === "fork" ? "removeSplit" : "removeNode")}
              </Button>
            ) : (
              <span />
            )}
            <Button onClick={onClose}>{t("done")}</Button>
          </Group>
        </Stack>
      )}
    </Drawer>
  );
}
