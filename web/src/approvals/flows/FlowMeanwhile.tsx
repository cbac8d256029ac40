import { useTranslation } from "react-i18next";
import { documentOf, type Flow, type FlowDocument } from "~/api/approvalFlows";
import { useConditionText } from "~/conditions/useConditionText";
import { Meanwhile } from "~/objects/Meanwhile";
import { same } from "~/objects/meanwhile";
import { useTriggerText, useWords } from "./useWords";

type Props = { present: Flow; draft: FlowDocument; busy: boolean; onKeepMine: () => void; onTakeTheirs: () => void };

/** Somebody else has saved the flow meanwhile: where the two differ, and the choice. */
export function FlowMeanwhile({ present, draft, busy, onKeepMine, onTakeTheirs }: Props) {
  const { t } = useTranslation("flows");
  const trigger = useTriggerText();
  const now = documentOf(present);
  const say = useConditionText(draft.object, now.condition, draft.condition);
  const theirs = useWords(now, present.refs ?? {});
  const mine = useWords(draft, present.refs ?? {});
  const yes = (it: boolean) => t(it ? "yes" : "no", { ns: "ui" });
  const sides = (keys: (keyof FlowDocument)[], name: string, tell: (flow: FlowDocument, words: ReturnType<typeof useWords>) => React.ReactNode) =>
    keys.every((key) => same(now[key], draft[key])) ? [] : [{ name, now: tell(now, theirs), mine: tell(draft, mine) }];
  const list = (items: string[]) => items.join(t("comma")) || t("nothing");
  const rows = [
    ...sides(["name"], t("name"), (flow) => flow.name),
    ...sides(["description"], t("description"), (flow) => flow.description || t("nothing")),
    ...sides(["trigger", "fields", "stages"], t("triggerLabel"), trigger),
    ...sides(["condition"], t("condition"), (flow) => (flow.condition ? say(flow.condition) : t("nothing"))),
    ...sides(["initiated_as"], t("initiatedAs"), (flow) => t(`whose.${flow.initiated_as}`)),
    ...sides(["owner_may_withdraw"], t("ownerMayWithdraw"), (flow) => yes(flow.owner_may_withdraw)),
    ...sides(["active"], t("active"), (flow) => yes(flow.active)),
    ...sides(["nodes"], t("mineNodes"), (flow, words) => (
      <>
        {flow.nodes
          .filter((node) => !["start", "join", "approved", "rejected"].includes(node.does.type))
          .map((node) => (
            <div key={node.key}>
              {words.nodeName(node)}
              {words.about(node) && `: ${words.about(node)}`}
            </div>
          ))}
      </>
    )),
    ...sides(["approved"], t("outcome.approved"), (flow, words) => list(flow.approved.map(words.effect))),
    ...sides(["rejected"], t("outcome.rejected"), (flow, words) => list(flow.rejected.map(words.effect))),
  ];
  return <Meanwhile rows={rows} busy={busy} onKeepMine={onKeepMine} onTakeTheirs={onTakeTheirs} />;
}
