import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useHoldingRules } from "~/api/holdings";
import { useMe } from "~/api/queries";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { RuleEditor } from "./RuleEditor";

/** The page of a rule: what it says, whom it reaches, and what a change of it would do. */
export function RuleScreen() {
  const { t } = useTranslation("holding");
  const me = useMe();
  const navigate = useNavigate();
  const { rule: id } = useParams({ strict: false }) as { rule: string };
  const { object } = useSearch({ strict: false }) as { object?: string };
  const rules = useHoldingRules(me.admin);
  if (!me.admin) return <EmptyState title={t("onlyAdministrators")} />;
  if (rules.isError) return <ErrorState error={rules.error} onRetry={() => void rules.refetch()} />;
  if (!rules.data) return <RowSkeletons rows={8} height={34} />;
  const rule = rules.data.items.find((it) => it.id === id);
  const back = (of: string) => void navigate({ to: "/admin/holding", search: of === "opportunity" ? {} : { object: of } });
  if (!rule && id !== "new") return <EmptyState title={t("notFoundTitle", { ns: "ui" })}>{t("notFound", { ns: "ui" })}</EmptyState>;
  return <RuleEditor key={id} rule={rule} object={rule?.object ?? object ?? "opportunity"} refs={rules.data.refs ?? {}} onLeave={back} onSaved={(saved) => (rule ? undefined : void navigate({ to: "/admin/holding/$rule", params: { rule: saved.id }, replace: true }))} />;
}
