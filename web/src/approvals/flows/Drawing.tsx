import { useTranslation } from "react-i18next";
import type { FlowDocument, FlowNode } from "~/api/approvalFlows";
import type { Violation } from "~/api/types";
import { useConditionText } from "~/conditions/useConditionText";
import { AddHere } from "./AddHere";
import { blocksOf, type Block, type Way } from "./blocks";
import classes from "./flows.module.css";
import { continued, endable, inserted, removed, type Edge, type Kind } from "./graph";
import { NodeCard } from "./NodeCard";
import { ofNode } from "./places";
import type { useWords } from "./useWords";

type Props = {
  flow: FlowDocument;
  words: ReturnType<typeof useWords>;
  violations: Violation[];
  /** The nodes as the violations count them. */
  judged: FlowNode[];
  opened: string | undefined;
  onOpen: (key: string) => void;
  onChange: (nodes: FlowNode[]) => void;
};

/** The graph from its start to its ends, the ways of a branch or a fork side by side; on a phone one under the other. Everything in it is a button. */
export function Drawing({ flow, words, violations, judged, opened, onOpen, onChange }: Props) {
  const { t } = useTranslation("flows");
  const { nodes } = flow;
  const say = useConditionText(flow.object, ...nodes.flatMap(({ does }) => (does.type === "branch" ? does.ways.map((way) => way.when) : [])));
  const add = (edges: Edge[], kind: Kind) => {
    const { nodes: next, added } = inserted(nodes, edges, kind);
    onChange(next);
    if (kind !== "rejected") onOpen(added);
  };
  const card = (node: FlowNode) => (
    <NodeCard
      node={node}
      name={words.nodeName(node)}
      about={words.about(node)}
      faults={ofNode(violations, judged, node.key)}
      opened={opened === node.key}
      onOpen={() => onOpen(node.key)}
      onRemove={["approve", "task", "branch", "fork"].includes(node.does.type) ? () => onChange(removed(nodes, node.key)) : undefined}
    />
  );
  const line = (edges: Edge[], forked: boolean, name?: string) => (
    <div className={classes.connector}>
      <AddHere label={name ? t("addBefore", { name }) : t("addAtEnd")} endable={!forked && endable(nodes, edges)} onAdd={(kind) => add(edges, kind)} />
    </div>
  );
  const wayName = (node: FlowNode, way: Way): string => {
    if (way.slot === "otherwise") return t("otherwise");
    const told = node.does.type === "branch" ? node.does.ways[way.slot as number] : undefined;
    const number = t("way", { number: Number(way.slot) + 1 });
    return told ? told.name || (told.when ? say(told.when) : t("wayUnset")) : number;
  };

  const drawWay = (block: Block, way: Way) => {
    const name = wayName(block.node, way);
    const drawn = block.node.does.type === "branch" && way.slot !== "otherwise" ? block.node.does.ways[way.slot as number] : undefined;
    const first = way.blocks[0];
    return (
      <li key={String(way.slot)} className={classes.way} data-open={way.last.length > 0 || undefined} aria-label={name}>
        <button type="button" className={classes.wayName} title={name} onClick={() => onOpen(block.node.key)}>
          {name}
          {drawn?.name && <span className={classes.wayWhen}>{drawn.when ? say(drawn.when) : t("wayUnset")}</span>}
        </button>
        {first && drawBlocks(way.blocks)}
        {way.last.length > 0 ? line(way.last, way.forked) : <div className={classes.filler} />}
      </li>
    );
  };
  const drawBlocks = (blocks: Block[]) => (
    <ol className={classes.column}>
      {blocks.map((block, index) => (
        <li key={`${block.node.key} ${index}`} className={classes.block}>
          {block.edges.length > 0 && line(block.edges, block.forked, words.nodeName(block.node))}
          {block.kind === "named" ? <p className={classes.named}>{t("seeAbove", { name: words.nodeName(block.node) })}</p> : card(block.node)}
          {block.node.does.type === "rejected" && block.edges.length > 0 && (
            <button type="button" className={classes.quiet} onClick={() => onChange(continued(nodes, block.edges))}>
              {t("continueWay")}
            </button>
          )}
          {block.kind === "split" && (
            <ul className={classes.ways} data-meets={block.ways.some((way) => way.last.length > 0) || undefined} data-only={onlyOpen(block.ways)}>
              {block.ways.map((way) => drawWay(block, way))}
            </ul>
          )}
        </li>
      ))}
    </ol>
  );
  return (
    <div className={classes.canvas} role="group" aria-label={t("drawing")} tabIndex={0}>
      {drawBlocks(blocksOf(nodes))}
    </div>
  );
}

/** Where the first or the last way alone goes on, the bar under the ways reaches from it to the middle. */
function onlyOpen(ways: Way[]): "first" | "last" | undefined {
  const open = ways.filter((way) => way.last.length > 0);
  if (open.length !== 1 || ways.length < 2) return undefined;
  return open[0] === ways[0] ? "first" : open[0] === ways.at(-1) ? "last" : undefined;
}
