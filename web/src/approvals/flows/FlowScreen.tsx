import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { documentOf, useFlows, type FlowDocument } from "~/api/approvalFlows";
import { useMe } from "~/api/queries";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { PageSkeleton } from "~/ui/Skeletons";
import { FlowEditor } from "./FlowEditor";
import { freshNodes } from "./graph";

/** Opens the editor on a flow, or under `new` on one that begins: for an object, or as a copy. */
export function FlowScreen() {
  const { t } = useTranslation("flows");
  const me = useMe();
  const navigate = useNavigate();
  const { flow: id = "" } = useParams({ strict: false });
  const asked = useSearch({ strict: false }) as { object?: string; copy?: string; trigger?: string; stage?: string };
  const flows = useFlows(me.admin);
  if (!me.admin) return <EmptyState title={t("onlyAdministrators")} />;
  if (flows.isError && !flows.data) return <ErrorState error={flows.error} onRetry={() => void flows.refetch()} />;
  if (!flows.data) return <PageSkeleton />;
  const { objects, items } = flows.data;
  const shared = { objects, onSaved: (saved: string) => void (id === "new" && navigate({ to: "/admin/approval-flows/$flow", params: { flow: saved }, replace: true })) };
  if (id === "new") {
    const model = items.find((flow) => flow.id === asked.copy);
    if (model) return <FlowEditor key={`copy ${model.id}`} {...shared} refs={{ ...flows.data.refs, ...model.refs }} begins={{ ...documentOf(model), name: t("copyOf", { name: model.name }), api_name: `${model.api_name}_copy`.slice(0, 100) }} />;
    const object = objects.find((it) => it.object === asked.object) ?? objects[0];
    if (!object) return <EmptyState title={t("gone")} />;
    const trigger = object.triggers.find((it) => it === asked.trigger) ?? object.triggers[0] ?? "create";
    const begins: FlowDocument = { api_name: "", name: "", description: "", object: object.object, trigger, fields: [], stages: asked.stage ? [asked.stage] : [], condition: null, active: true, initiated_as: "submitter", owner_may_withdraw: true, nodes: freshNodes(), approved: [], rejected: [] };
    return <FlowEditor key={`new ${object.object}`} {...shared} refs={flows.data.refs} begins={begins} />;
  }
  const stored = items.find((flow) => flow.id === id);
  if (!stored) return <EmptyState title={t("notFoundTitle", { ns: "ui" })}>{t("gone")}</EmptyState>;
  return <FlowEditor key={id} {...shared} stored={stored} refs={{ ...flows.data.refs, ...stored.refs }} begins={documentOf(stored)} />;
}
