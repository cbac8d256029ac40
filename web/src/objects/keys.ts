import { keyOfName } from "~/processes/optionKeys";
import type { Label } from "~/api/types";

/** What begins the keys of an organisation's own objects and fields. */
export const OWN = "x_";
const LONGEST = 38;
const LONGEST_SUGGESTED = 32;

/** A key for something new, from its English label: "Visit date" becomes `x_visit_date`. A label in Chinese alone gives only the fallback. */
export function suggestKey(label: Label, taken: readonly string[], fallback: string): string {
  const bare = taken.filter((key) => key.startsWith(OWN)).map((key) => key.slice(OWN.length));
  return OWN + keyOfName(label.en.slice(0, LONGEST_SUGGESTED), bare, fallback);
}

/** What may be typed as a key, as it is typed: the rest is the server's to judge. */
export const keyAsTyped = (typed: string): string =>
  typed
    .toLowerCase()
    .replace(/^x_/, "")
    .replace(/[^a-z0-9_]+/g, "_")
    .slice(0, LONGEST);

/** A label said in one language is good for both. */
export function filledLabel(label: Label): Label {
  const en = label.en.trim();
  const zh = label["zh-CN"].trim();
  return { en: en || zh, "zh-CN": zh || en };
}

export const noLabel: Label = { en: "", "zh-CN": "" };
