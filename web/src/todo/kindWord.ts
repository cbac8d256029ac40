import type { TFunction } from "i18next";
import { en } from "./texts";

/** A kind of what waits, in words; `one` of it. */
export function kindWord(t: TFunction<"todo">, kind: string, one = false): string {
  if (!(kind in en.kinds)) return kind;
  const known = kind as keyof typeof en.kinds;
  return one ? t(`kind.${known}`) : t(`kinds.${known}`);
}
