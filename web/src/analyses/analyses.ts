import { IconArrowsExchange, IconChartArcs, IconChartFunnel, IconChartHistogram, IconClockHour4, IconGauge, IconHistory, IconTarget, IconTrophy } from "@tabler/icons-react";
import type { Icon } from "~/shell/icons";

export type AnalysisKey = "stageConversion" | "pipeline" | "forecast" | "past" | "projection" | "winLoss" | "ageing" | "leaderboard" | "targets";
export type Analysis = { key: AnalysisKey; to: string; icon: Icon };

/** All that can be asked of the deals, in the order in which a manager asks it. */
export const ANALYSES: Analysis[] = [
  { key: "pipeline", to: "/analysis/pipeline", icon: IconChartFunnel },
  { key: "forecast", to: "/analysis/forecast", icon: IconGauge },
  { key: "stageConversion", to: "/analysis/stage-conversion", icon: IconArrowsExchange },
  { key: "projection", to: "/analysis/projection", icon: IconChartHistogram },
  { key: "past", to: "/analysis/past", icon: IconHistory },
  { key: "winLoss", to: "/analysis/win-loss", icon: IconChartArcs },
  { key: "ageing", to: "/analysis/ageing", icon: IconClockHour4 },
  { key: "leaderboard", to: "/analysis/leaderboard", icon: IconTrophy },
  { key: "targets", to: "/admin/targets", icon: IconTarget },
];
