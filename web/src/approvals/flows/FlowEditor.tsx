import { Alert, Button, Group } from "@mantine/core";
import { useDebouncedValue, useHotkeys } from "@mantine/hooks";
import { IconAlertTriangle, IconArrowBackUp, IconHistory, IconPlayerPlay } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { documentOf, useFlowCheck, useSaveFlow, type Flow, type FlowDocument, type FlowNode, type FlowObject } from "~/api/approvalFlows";
import { ApiProblem } from "~/api/http";
import { isConflict, messageOf } from "~/api/problem";
import { useObject } from "~/api/queries";
import type { Refs } from "~/api/types";
import { GeneralFindings } from "~/fields/FieldForm";
import { useLabel } from "~/i18n";
import { same } from "~/objects/meanwhile";
import { told } from "~/objects/told";
import { Findings } from "~/processes/Findings";
import { Page } from "~/ui/Page";
import { UnsavedGuard } from "~/ui/UnsavedGuard";
import { AboutPart } from "./AboutPart";
import { AfterPart } from "./AfterPart";
import { Drawing } from "./Drawing";
import classes from "./flows.module.css";
import { FlowMeanwhile } from "./FlowMeanwhile";
import { NodeDrawer } from "./NodeDrawer";
import { loose, named, under } from "./places";
import { SimulateDrawer } from "./SimulateDrawer";
import { useWords } from "./useWords";
import { VersionsDrawer } from "./VersionsDrawer";

const TYPING = 350;
const MOST_UNDONE = 50;
const keysOf = (nodes: FlowNode[]) => nodes.map((node) => node.key).join();

type Props = { stored?: Flow; begins: FlowDocument; objects: FlowObject[]; refs: Refs; onSaved: (id: string) => void };

/** A flow: what it catches, its graph as a drawing, and what follows. */
export function FlowEditor({ stored, begins, objects, refs, onSaved }: Props) {
  const { t, i18n } = useTranslation("flows");
  const label = useLabel();
  const [base, setBase] = useState(stored);
  const [draft, setDraft] = useState(begins);
  const [before, setBefore] = useState<FlowNode[][]>([]);
  const [opened, setOpened] = useState<string>();
  const [beside, setBeside] = useState<"versions" | "simulate">();
  // Nobody is told that a name is missing before he could give one.
  const [tried, setTried] = useState(stored !== undefined);
  const save = useSaveFlow();
  const left = useRef(false);
  const words = useWords(draft, refs);
  const object = useObject(draft.object);

  const sent: FlowDocument = { ...documentOf(draft), ...(base ? { id: base.id } : {}) };
  const [asked] = useDebouncedValue(JSON.stringify(sent), TYPING);
  const checked = useFlowCheck(JSON.parse(asked) as FlowDocument, true);
  const present = isConflict(save.error) ? (save.error.record as unknown as Flow | undefined) : undefined;
  const refused = save.error instanceof ApiProblem && !present ? save.error.violations : [];
  const violations = (refused.length > 0 ? refused : (checked.data?.violations ?? [])).map((it) => named(it, (step) => (i18n.exists(`flows:placeName.${step}`) ? t(`placeName.${step}` as "placeName.when") : undefined)));
  const judged = refused.length > 0 ? draft.nodes : (checked.data?.nodes ?? draft.nodes);
  const headed = under(tried ? violations : []);
  const lost = loose(violations, judged);
  const failed = save.isError && !present && refused.length === 0 ? [messageOf(save.error)] : [];
  const begun = !same(documentOf(draft), base ? documentOf(base) : begins);

  const change = (part: Partial<FlowDocument>) => {
    if (save.isError && !isConflict(save.error)) save.reset();
    setDraft((now) => ({ ...now, ...part }));
  };
  // Steps that come and go can be taken back; what is typed into them is not counted.
  const draw = (nodes: FlowNode[]) => {
    if (keysOf(nodes) !== keysOf(draft.nodes)) setBefore((now) => [...now.slice(-MOST_UNDONE), draft.nodes]);
    change({ nodes });
  };
  const undo = () => {
    const nodes = before.at(-1);
    if (!nodes) return;
    setBefore((now) => now.slice(0, -1));
    setOpened(undefined);
    change({ nodes });
  };
  useHotkeys([["mod+Z", undo]]);
  const submit = (over: Flow | undefined = base) => {
    setTried(true);
    save.mutate(
      { document: { ...documentOf(draft), name: draft.name.trim() }, over },
      {
        onSuccess: (saved) => {
          told(t("saved", { name: saved.name }));
          setBase(saved);
          setDraft(documentOf(saved));
          left.current = !stored;
          onSaved(saved.id);
        },
      },
    );
  };
  const take = (theirs: Flow) => {
    setBase(theirs);
    setDraft(documentOf(theirs));
    save.reset();
  };
  const node = draft.nodes.find((it) => it.key === opened);
  const faults = tried ? violations.length : violations.filter((it) => lost.includes(it) || (it.path ?? "").startsWith("nodes")).length;

  return (
    <Page
      pinned
      title={draft.name || t("newFlow")}
      above={
        <Link to="/admin/approval-flows">
          {t("title")} · {label(object?.plural) || draft.object}
        </Link>
      }
      actions={
        <>
          {base && (
            <Button variant="default" leftSection={<IconHistory size={16} stroke={1.7} />} onClick={() => setBeside("versions")}>
              {t("versions")}
            </Button>
          )}
          <Button variant="default" leftSection={<IconPlayerPlay size={16} stroke={1.7} />} onClick={() => setBeside("simulate")}>
            {t("simulate")}
          </Button>
          <Button loading={save.isPending} disabled={present !== undefined || (base !== undefined && !begun)} onClick={() => submit()}>
            {t(base ? "save" : "create")}
          </Button>
        </>
      }
    >
      <div className={classes.editor}>
        {present && <FlowMeanwhile present={present} draft={draft} busy={save.isPending} onKeepMine={() => submit(present)} onTakeTheirs={() => take(present)} />}
        <GeneralFindings findings={{ byField: {}, general: failed }} />
        {faults > 0 && (
          <Alert className={classes.faults} variant="light" color="red" icon={<IconAlertTriangle size={17} />} role="status" title={t("toMend", { count: faults })}>
            {lost.length > 0 && <Findings findings={lost} />}
          </Alert>
        )}
        <AboutPart draft={draft} stored={base !== undefined} triggers={objects.find((it) => it.object === draft.object)?.triggers ?? [draft.trigger]} at={headed} onChange={change} />
        <section className={classes.part} aria-label={t("graph")}>
          <Group justify="space-between">
            <h2>{t("graph")}</h2>
            {before.length > 0 && (
              <Button variant="subtle" size="compact-sm" leftSection={<IconArrowBackUp size={15} />} onClick={undo}>
                {t("undo", { ns: "ui" })}
              </Button>
            )}
          </Group>
          <p className={classes.hint}>{t("graphHint")}</p>
          <Drawing flow={draft} words={words} violations={violations} judged={judged} opened={opened} onOpen={setOpened} onChange={draw} />
        </section>
        <AfterPart draft={draft} refs={refs} at={under(violations)} words={words} onChange={change} />
      </div>
      <NodeDrawer flow={draft} node={node} words={words} refs={refs} violations={violations} judged={judged} onClose={() => setOpened(undefined)} onChange={draw} />
      {beside === "versions" && base && (
        <VersionsDrawer
          flow={base}
          onClose={() => setBeside(undefined)}
          onTake={(version) => {
            setDraft({ ...documentOf(version.flow), api_name: draft.api_name });
            setBeside(undefined);
            told(t("takenVersion", { version: version.version }));
          }}
        />
      )}
      {beside === "simulate" && <SimulateDrawer flow={sent} triggers={objects.find((it) => it.object === draft.object)?.triggers ?? []} onClose={() => setBeside(undefined)} />}
      <UnsavedGuard changed={() => begun && !left.current} />
    </Page>
  );
}
