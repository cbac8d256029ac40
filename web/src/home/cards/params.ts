import type { AnalysisParams } from "~/api/analysis";
import type { HomeCard } from "~/api/home";
import type { Condition } from "~/api/types";

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

/** Which deals the card's analysis is about, as its settings say. */
export function analysisOf({ settings }: HomeCard): AnalysisParams {
  return { process: text(settings.process), view: text(settings.view), q: text(settings.q), filter: (settings.filter as Condition | undefined) ?? undefined };
}

/** One of the words that a setting may have; the first where it has none of them. */
export function oneOf<T extends string>(value: unknown, words: readonly T[]): T {
  return words.find((word) => word === value) ?? words[0]!;
}

export { text as settingText };
