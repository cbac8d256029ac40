import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { FlowDocument, FlowNode } from "~/api/approvalFlows";
import { ConditionEditor } from "~/conditions/ConditionEditor";
import { Part } from "~/processes/pipelines/Part";
import classes from "./flows.module.css";
import { fewestWays, withNode, withoutWay, withWay, withWayMoved } from "./graph";
import { said, type At } from "./places";

type Props = { flow: FlowDocument; node: FlowNode; at: At; onChange: (nodes: FlowNode[]) => void };

/** The ways out of a branch with their conditions, or those of a fork. */
export function WaysForm({ flow, node, at, onChange }: Props) {
  const { t } = useTranslation("flows");
  const { does } = node;
  if (does.type !== "branch" && does.type !== "fork") return null;
  const general = said([...at("ways").filter((it) => !/ways[./[]+\d/.test(it.path ?? "")), ...at("join"), ...at("otherwise")]);
  const set = (index: number, part: object) =>
    onChange(withNode(flow.nodes, node.key, (it) => (it.does.type === "branch" ? { ...it, does: { ...it.does, ways: it.does.ways.map((way, place) => (place === index ? { ...way, ...part } : way)) } } : it)));
  const acts = (index: number) => (
    <>
      {does.type === "branch" && (
        <>
          <ActionIcon aria-label={t("wayEarlier", { number: index + 1 })} disabled={index === 0} onClick={() => onChange(withWayMoved(flow.nodes, node.key, index, -1))}>
            <IconArrowUp size={15} />
          </ActionIcon>
          <ActionIcon aria-label={t("wayLater", { number: index + 1 })} disabled={index === does.ways.length - 1} onClick={() => onChange(withWayMoved(flow.nodes, node.key, index, 1))}>
            <IconArrowDown size={15} />
          </ActionIcon>
        </>
      )}
      <ActionIcon aria-label={t("removeWay", { number: index + 1 })} disabled={does.ways.length <= fewestWays(does)} onClick={() => onChange(withoutWay(flow.nodes, node.key, index))}>
        <IconX size={15} />
      </ActionIcon>
    </>
  );
  return (
    <Part title={t("ways")} hint={t(does.type === "branch" ? "waysHint" : "forkHint")}>
      {general && <p className={classes.wrong}>{general}</p>}
      {does.ways.map((way, index) => (
        <section key={index} className={classes.source} aria-label={t("way", { number: index + 1 })}>
          <div className={classes.sourceHead}>
            <span className={classes.sourceName}>{t("way", { number: index + 1 })}</span>
            {acts(index)}
          </div>
          {typeof way !== "string" && (
            <>
              <TextInput label={t("name")} aria-label={t("wayName", { number: index + 1 })} value={way.name ?? ""} error={said(at("ways", index, "name"))} onChange={(event) => set(index, { name: event.currentTarget.value })} />
              <ConditionEditor object={flow.object} judgesChange={flow.trigger === "edit"} label={t("when")} value={way.when} findings={at("ways", index, "when")} onChange={(when) => set(index, { when: when ?? null })} />
            </>
          )}
        </section>
      ))}
      <Button variant="subtle" size="compact-sm" ml={-6} w="fit-content" leftSection={<IconPlus size={14} />} onClick={() => onChange(withWay(flow.nodes, node.key))}>
        {t("addWay")}
      </Button>
      {does.type === "branch" && <p className={classes.hint}>{t("otherwiseHint")}</p>}
    </Part>
  );
}
