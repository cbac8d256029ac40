import { Checkbox, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Approve, FlowDocument, Rejects } from "~/api/approvalFlows";
import type { Refs } from "~/api/types";
import { Part } from "~/processes/pipelines/Part";
import { AskedFields } from "./AskedFields";
import classes from "./flows.module.css";
import { earlierThan } from "./graph";
import { LimitForm } from "./LimitForm";
import { MethodForm } from "./MethodForm";
import { NobodyForm } from "./NobodyForm";
import { said, type At } from "./places";
import { SourcesInput } from "./SourcesInput";
import type { useWords } from "./useWords";

type Props = { flow: FlowDocument; nodeKey: string; does: Approve; refs: Refs; words: ReturnType<typeof useWords>; at: At; onChange: (does: Approve) => void };

/** Who agrees at a step, how, and what becomes of it when they do not. */
export function ApproveForm({ flow, nodeKey, does, refs, words, at, onChange }: Props) {
  const { t } = useTranslation("flows");
  const set = (part: Partial<Approve>) => onChange({ ...does, ...part });
  const rejects: Rejects = does.rejects ?? { type: "end" };
  const earlier = earlierThan(flow.nodes, nodeKey);
  const back = rejects.type === "initiator" && rejects.back_to_node ? "initiator_back" : rejects.type;
  const choices = (["end", "previous", "node", "initiator", "initiator_back"] as const).filter((it) => it !== "node" || earlier.length > 0 || rejects.type === "node");
  const rejectTo = (it: string | null) => {
    if (it === "node") set({ rejects: { type: "node", node: earlier[0]?.key ?? "" } });
    else if (it === "initiator" || it === "initiator_back") set({ rejects: { type: "initiator", back_to_node: it === "initiator_back" } });
    else if (it === "end" || it === "previous") set({ rejects: { type: it } });
  };
  return (
    <>
      <Part title={t("partWho")}>
        <MethodForm method={does.method} at={at} onChange={(method) => set({ method, ...(does.method.type === "step_by_step" && does.who.length === 0 ? { who: [{ type: "manager", of: "submitter", up: 0 }] } : {}), ...(method.type === "step_by_step" ? { who: [] } : {}) })} />
        {does.method.type !== "step_by_step" && <SourcesInput object={flow.object} label={t("who")} sources={does.who} ordered={does.method.type === "named_order"} refs={refs} words={words} findings={at("who")} onChange={(who) => set({ who })} />}
        <NobodyForm nobody={does.nobody} refs={refs} error={said(at("nobody"))} onChange={(nobody) => set({ nobody })} />
        <Select label={t("submitter")} allowDeselect={false} data={(["asks", "agrees", "manager"] as const).map((it) => ({ value: it, label: t(`submitters.${it}`) }))} value={does.submitter ?? "asks"} error={said(at("submitter"))} onChange={(it) => it && set({ submitter: it as Approve["submitter"] })} />
        <Checkbox label={t("agreedAlready")} checked={does.agreed_already ?? true} onChange={(event) => set({ agreed_already: event.currentTarget.checked })} />
      </Part>
      <Part title={t("partAnswer")}>
        <div className={classes.pair}>
          <Select className={rejects.type === "node" ? undefined : classes.wide} label={t("rejects")} allowDeselect={false} data={choices.map((it) => ({ value: it, label: t(`rejections.${it}`) }))} value={back} error={rejects.type === "node" ? undefined : said(at("rejects"))} onChange={rejectTo} />
          {rejects.type === "node" && (
            <Select label={t("rejectsNode")} allowDeselect={false} data={earlier.map((node) => ({ value: node.key, label: words.nodeName(node) }))} value={rejects.node || null} error={said(at("rejects"))} onChange={(node) => node && set({ rejects: { type: "node", node } })} />
          )}
        </div>
        <Checkbox label={t("commentRequired")} description={t("commentHint")} checked={does.comment_required ?? false} onChange={(event) => set({ comment_required: event.currentTarget.checked })} />
      </Part>
      <Part title={t("partFields")}>
        <AskedFields object={flow.object} label={t("mayEdit")} value={does.may_edit ?? []} error={said(at("may_edit"))} onChange={(may_edit) => set({ may_edit })} />
        <AskedFields object={flow.object} label={t("mustFill")} value={does.must_fill ?? []} error={said(at("must_fill"))} onChange={(must_fill) => set({ must_fill })} />
      </Part>
      <Part title={t("partTime")}>
        <LimitForm limit={does.limit} at={at} onChange={(limit) => set({ limit })} />
      </Part>
    </>
  );
}
