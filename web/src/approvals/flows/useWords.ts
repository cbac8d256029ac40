import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Approve, Effect, Flow, FlowNode, Source } from "~/api/approvalFlows";
import { useObjects } from "~/api/queries";
import { useRoles } from "~/api/roles";
import type { Refs } from "~/api/types";
import { pathLabel, resolvePath } from "~/conditions/fieldPaths";
import { namesQuery } from "~/fields/names";
import { useLabel } from "~/i18n";
import { useTeamRoles } from "~/records/teamRoles";

const sourcesIn = (flow: Pick<Flow, "nodes" | "approved" | "rejected">): Source[] => [
  ...flow.nodes.flatMap(({ does }) => [...("who" in does ? does.who : []), ...("nobody" in does && does.nobody?.type === "person" ? [{ type: "person" as const, id: does.nobody.id }] : [])]),
  ...[...flow.approved, ...flow.rejected].flatMap((effect) => ("who" in effect ? effect.who : effect.type === "change_owner" ? [{ type: "person" as const, id: effect.to }] : [])),
];

/** Says the parts of a flow in the reader's language; names that came with the flow are known, the others are looked up. */
export function useWords(flow: Pick<Flow, "object" | "nodes" | "approved" | "rejected">, refs: Refs = {}) {
  const { t } = useTranslation("flows");
  const label = useLabel();
  const objects = useObjects();
  const roles = useRoles().data?.items ?? [];
  const team = useTeamRoles();
  const sources = sourcesIn(flow);
  const unnamed = (type: Source["type"]) => [...new Set(sources.flatMap((it) => (it.type === type && "id" in it && it.id && !refs[it.id] ? [it.id] : [])))];
  const people = useQuery(namesQuery("employee", "name", unnamed("person"))).data;
  const departments = useQuery(namesQuery("department", "name", unnamed("department"))).data;
  const groups = useQuery(namesQuery("user_group", "name", unnamed("group"))).data;
  const known = { ...people, ...departments, ...groups };
  const named = (id: string) => refs[id]?.name ?? known[id] ?? "…";
  const fieldName = (path: string) => {
    const found = resolvePath(objects, flow.object, path);
    return found ? pathLabel(found, label) : path;
  };
  const roleName = (key: string) => label(roles.find((role) => role.key === key)?.name) || key;

  const source = (it: Source): string => {
    switch (it.type) {
      case "person":
        return it.id ? named(it.id) : t("says.unset");
      case "department":
        return it.id ? t(it.with_sub ? "says.departmentSub" : "says.department", { name: named(it.id) }) : t("says.unset");
      case "group":
        return it.id ? t("says.group", { name: named(it.id) }) : t("says.unset");
      case "role":
        return it.role ? t("says.role", { name: roleName(it.role) }) : t("says.unset");
      case "owner":
      case "submitter":
        return t(`source.${it.type}`);
      case "manager":
        return it.up ? t("says.managerUp", { of: t(`of.${it.of}`), count: it.up }) : t("says.manager", { of: t(`of.${it.of}`) });
      case "department_head":
        return it.up ? t("says.departmentHeadUp", { of: t(`of.${it.of}`), count: it.up }) : t("says.departmentHead", { of: t(`of.${it.of}`) });
      case "team":
        return it.role ? t("says.teamRole", { name: team.name(it.role) }) : t("says.team");
      case "field":
        return it.path ? fieldName(it.path) : t("says.unset");
    }
  };
  const MOST = 2;
  const who = (list: Source[]): string => {
    if (list.length === 0) return t("says.unset");
    const first = list.slice(0, MOST).map(source).join(t("comma"));
    return list.length > MOST ? `${first} ${t("more", { count: list.length - MOST })}` : first;
  };
  const method = (it: Approve["method"]) => (it.type === "countersign" ? (it.percent ? t("methodSays.percent", { percent: it.percent }) : t("methodSays.countersign")) : t(`methodSays.${it.type}`));
  const nodeName = (node: FlowNode) => node.name || t(`kind.${node.does.type}`);
  /** What stands under the name of a node. */
  const about = ({ does }: FlowNode): string => {
    const limit = "limit" in does && does.limit ? ` · ${t("limitSays", { hours: does.limit.hours })}` : "";
    if (does.type === "approve") return `${does.method.type === "step_by_step" ? t("says.line", { of: t(`of.${does.method.of}`) }) : who(does.who)}${does.method.type === "standard" && does.who.length < 2 ? "" : ` · ${method(does.method)}`}${limit}`;
    if (does.type === "task") return `${who(does.who)}${does.must_fill.length > 0 ? ` · ${does.must_fill.map(fieldName).join(t("comma"))}` : ""}${limit}`;
    return "";
  };
  const effect = (it: Effect): string => {
    if (it.type === "set") return `${t("effect.set")}${it.field ? `: ${fieldName(it.field)}` : ""}`;
    if (it.type === "change_owner") return `${t("effect.change_owner")}${it.to ? `: ${named(it.to)}` : ""}`;
    return t(`effect.${it.type}`);
  };
  return { source, who, method, nodeName, about, effect, fieldName, named };
}

/** Says which act a flow catches, with the fields or stages that it looks at. */
export function useTriggerText() {
  const { t } = useTranslation("flows");
  const label = useLabel();
  const objects = useObjects();
  return (flow: Pick<Flow, "object" | "trigger" | "fields" | "stages">): string => {
    const fields = objects.find((it) => it.key === flow.object)?.fields ?? [];
    const trigger = t(`trigger.${flow.trigger}`);
    const options = fields.find((field) => field.key === "stage")?.options ?? [];
    const names =
      flow.trigger === "edit"
        ? flow.fields.map((key) => label(fields.find((field) => field.key === key)?.label) || key)
        : flow.trigger === "stage"
          ? flow.stages.map((key) => label(options.find((option) => option.key === key)?.label) || key)
          : [];
    return names.length > 0 ? t("ofFields", { trigger, fields: names.join(t("comma")) }) : trigger;
  };
}
