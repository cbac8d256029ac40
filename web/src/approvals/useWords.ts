import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import type { ApprovalTrigger } from "~/api/approvals";
import type { Rec, Refs } from "~/api/types";
import { useLabel, useLanguage } from "~/i18n";

/** The words for what is asked about a record of an object. */
export function useWhat(object: string, what: ApprovalTrigger): string {
  const { t } = useTranslation("approvals");
  const label = useLabel();
  const language = useLanguage();
  const name = label(useObject(object)?.label) || object;
  return t(`what.${what}`, { object: language === "en" ? name.toLowerCase() : name });
}

/** The names of people, as one reads a list of them. */
export function useNamed(refs: Refs | undefined) {
  const { t } = useTranslation("approvals");
  const language = useLanguage();
  const one = (id: string | null | undefined) => (id ? (refs?.[id]?.name ?? t("someone")) : t("product"));
  const several = (ids: string[]) => new Intl.ListFormat(language, { type: "conjunction" }).format(ids.map(one));
  return { one, several };
}

/** A stage's name. */
export function useStageName() {
  const label = useLabel();
  const options = useObject("opportunity")?.fields.find((field) => field.key === "stage")?.options ?? [];
  return (key: string | null | undefined) => label(options.find((option) => option.key === key)?.label) || key || "";
}

/** For what a record waits and with whom that lies, in a sentence. */
export function useWaits(approval: NonNullable<Rec["approval"]>, refs: Refs | undefined): string {
  const { t } = useTranslation("approvals");
  const named = useNamed(refs);
  const stage = useStageName();
  if (approval.state === "returned") return t("returnedBanner");
  const waits = t("waitsBanner", { what: t(`bannerWhat.${approval.what}`, { stage: stage(approval.to_stage) }) });
  return approval.waiting_for.length > 0 ? `${waits} ${t("bannerBy", { names: named.several(approval.waiting_for) })}` : waits;
}
