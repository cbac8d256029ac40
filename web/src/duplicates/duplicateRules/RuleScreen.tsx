import { useParams, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { documentOf, useDuplicateRules } from "~/api/duplicates";
import { useMe, useObjects } from "~/api/queries";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { PageSkeleton } from "~/ui/Skeletons";
import { ruleFor } from "../methods";
import { RuleEditor } from "./RuleEditor";

/** Opens the editor on a rule, or under `new` on a new one of the object that the address names. */
export function RuleScreen() {
  const { t } = useTranslation("duplicateRules");
  const me = useMe();
  const objects = useObjects();
  const { rule: id = "" } = useParams({ strict: false });
  const { object: asked } = useSearch({ strict: false }) as { object?: string };
  const rules = useDuplicateRules(me.admin);
  if (!me.admin) return <EmptyState title={t("onlyAdministrators")} />;
  if (rules.isError && !rules.data) return <ErrorState error={rules.error} onRetry={() => void rules.refetch()} />;
  if (!rules.data || objects.length === 0) return <PageSkeleton />;
  if (id === "new") {
    const object = objects.find((it) => it.key === (asked ?? "account")) ?? objects[0];
    return object ? <RuleEditor key={`new ${object.key}`} begins={ruleFor(object)} /> : null;
  }
  const stored = rules.data.items.find((it) => it.id === id);
  if (!stored) return <EmptyState title={t("notFoundTitle", { ns: "ui" })}>{t("gone")}</EmptyState>;
  return <RuleEditor key={id} stored={stored} begins={documentOf(stored)} />;
}
