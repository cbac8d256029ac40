import { useTranslation } from "react-i18next";
import { en } from "./texts";

/** Acts in the order and under the headings in which people look for them; what the server knows besides stands under the last. */
export const ACT_GROUPS = {
  records: ["read", "create", "edit", "void", "restore", "delete"],
  people: ["change_owner", "team", "claim", "assign", "return", "move_pool", "holding_exempt"],
  stages: ["move", "convert", "mark_invalid", "reopen", "change_process", "skip_approval", "bypass_gates"],
  files: ["export", "import", "import_history"],
  care: ["clone", "duplicate_tool", "merge", "lock", "unlock"],
} as const;
export type ActGroupKey = keyof typeof ACT_GROUPS | "more";
export type ActGroup = { key: ActGroupKey; acts: string[] };

/** The groups of the acts that there are. */
export function groupsOf(acts: Iterable<string>): ActGroup[] {
  const known = new Set<string>(Object.values(ACT_GROUPS).flat());
  const there = new Set(acts);
  const groups: ActGroup[] = Object.entries(ACT_GROUPS).map(([key, list]) => ({ key: key as ActGroupKey, acts: list.filter((act) => there.has(act)) }));
  return [...groups, { key: "more" as const, acts: [...there].filter((act) => !known.has(act)) }].filter((group) => group.acts.length > 0);
}

/** The words for an act; one that these screens do not know yet is called by its key. */
export function useActWords() {
  const { t } = useTranslation("roles");
  const known = (act: string): act is keyof typeof en.acts => act in en.acts;
  return {
    name: (act: string) => (known(act) ? t(`acts.${act}`) : act.replaceAll("_", " ")),
    hint: (act: string) => (known(act) ? t(`actHints.${act}`) : undefined),
    list: (acts: string[]) => acts.join(t("comma")),
    group: (group: ActGroupKey) => t(`groups.${group}`),
  };
}
