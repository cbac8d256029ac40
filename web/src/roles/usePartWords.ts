import { useTranslation } from "react-i18next";
import type { RoleDocument } from "~/api/roles";
import { useObjects } from "~/api/queries";
import { useLabel } from "~/i18n";
import { useActWords } from "./acts";
import { EVERY, rightsOf } from "./roleDraft";

const FLAGS = { see_all: "seeAll", administrator: "administrator", reads_audit: "readsAudit" } as const;

/** Says the parts of a role, such as `field/account/revenue`, and what they are in one. */
export function usePartWords() {
  const { t } = useTranslation("roles");
  const label = useLabel();
  const objects = useObjects();
  const words = useActWords();
  const objectName = (key: string) => (key === EVERY ? t("every") : label(objects.find((it) => it.key === key)?.plural) || key);
  const fieldName = (object: string, key: string) => label(objects.find((it) => it.key === object)?.fields.find((it) => it.key === key)?.label) || key;
  const yesNo = (value: boolean) => t(value ? "yes" : "no");
  return {
    objectName,
    fieldName,
    name: (part: string): string => {
      const [kind = "", object = "", key = ""] = part.split("/");
      if (kind === "act") return t("partAct", { object: objectName(object), act: words.name(key) });
      if (kind === "field") return t("partField", { object: objectName(object), field: fieldName(object, key) });
      if (kind === "own") return t("partOwn", { object: objectName(object) });
      return kind in FLAGS ? t(FLAGS[kind as keyof typeof FLAGS]) : t(kind as "name");
    },
    value: (role: RoleDocument, part: string): string => {
      const [kind = "", object = "", key = ""] = part.split("/");
      if (kind === "act") return yesNo(rightsOf(role, object).acts.includes(key));
      if (kind === "field") return t(`access.${rightsOf(role, object).fields[key] ?? "write"}`);
      if (kind === "own") return yesNo(object in role.objects);
      if (kind === "name" || kind === "description") return [role[kind]?.en, role[kind]?.["zh-CN"]].filter(Boolean).join(" · ");
      return yesNo(role[kind as keyof typeof FLAGS]);
    },
  };
}
