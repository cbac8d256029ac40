import type { TFunction } from "i18next";
import type { HoldingRuleDocument } from "~/api/holdings";

type Said = Pick<HoldingRuleDocument, "subject" | "counts" | "limit">;
type Words = {
  t: TFunction<"holding">;
  /** The plural of the object, as it stands within a sentence. */
  objects: string;
  /** Conditions on Employee and on the object, in words. */
  people: (condition: Said["counts"]) => string;
  records: (condition: Said["counts"]) => string;
  /** The names of departments and groups. */
  nameOf: (id: string) => string;
  /** The label of a field of Employee. */
  fieldName: (field: string) => string;
};

/** What a rule says, as one would say it: `Each person for whom Title is Sales may have at most 3 opportunities for which …`. */
export function sentenceOf(rule: Said, { t, objects, people, records, nameOf, fieldName }: Words): string {
  const who = whoOf(rule.subject, { t, people, nameOf });
  if (!who) return t("sentence.nobody");
  const { limit, subject } = rule;
  const count = limit.kind === "number" ? limit.number : 0;
  const most = limit.kind === "number" ? t("sentence.number", { count, objects }) : t(subject.kind === "employees" ? "sentence.own" : "sentence.sum", { objects, field: fieldName(limit.field) });
  const which = rule.counts ? t("sentence.which", { condition: records(rule.counts) }) : "";
  const said = `${[who, most].join(t("sentence.join"))}${which ? `${t("sentence.before")}${which}` : ""}${t("sentence.end")}`;
  return limit.kind === "variable" ? `${said}${t("sentence.space")}${t("sentence.blank")}` : said;
}

function whoOf(subject: Said["subject"], { t, people, nameOf }: Pick<Words, "t" | "people" | "nameOf">): string {
  if (subject.kind === "employees") return subject.condition ? t("sentence.eachWhose", { condition: people(subject.condition) }) : t("sentence.each");
  if (subject.ids.length === 0) return "";
  const names = subject.ids.map(nameOf).join(t("sentence.comma"));
  const several = subject.ids.length > 1;
  if (subject.kind === "groups") return t(several ? "sentence.groups" : "sentence.group", { names });
  if (subject.with_sub) return t(several ? "sentence.departmentsSub" : "sentence.departmentSub", { names });
  return t(several ? "sentence.departments" : "sentence.department", { names });
}
