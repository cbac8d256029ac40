import { IconArrowsExchange, IconChartFunnel, IconChartHistogram, IconHistory } from "@tabler/icons-react";
import type { Icon } from "~/shell/icons";

export type AnalysisKey = "stageConversion" | "pipeline" | "past" | "projection";
export type Analysis = { key: AnalysisKey; to: string; icon: Icon };

/** All that can be asked of the deals, in the order in which a manager asks it. */
export const ANALYSES: Analysis[] = [
  { key: "pipeline", to: "/analysis/pipeline", icon: IconChartFunnel },
  { key: "stageConversion", to: "/analysis/stage-conversion", icon: IconArrowsExchange },
  { key: "projection", to: "/analysis/projection", icon: IconChartHistogram },
  { key: "past", to: "/analysis/past", icon: IconHistory },
];
