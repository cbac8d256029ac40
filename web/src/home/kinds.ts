import { lazy, type ComponentType } from "react";
import type { HomeCard } from "~/api/home";

export type CardProps = { card: HomeCard };

/** What each kind of card shows; read when the first of its kind comes into sight. */
export const KINDS: Record<string, ComponentType<CardProps>> = {
  stage_conversion: lazy(() => import("./cards/ConversionCard").then((room) => ({ default: room.ConversionCard }))),
  pipeline: lazy(() => import("./cards/PipelineCard").then((room) => ({ default: room.PipelineCard }))),
  waterfall: lazy(() => import("./cards/WaterfallCard").then((room) => ({ default: room.WaterfallCard }))),
  projection: lazy(() => import("./cards/ProjectionCard").then((room) => ({ default: room.ProjectionCard }))),
  forecast: lazy(() => import("./cards/ForecastHere").then((room) => ({ default: room.ForecastHere }))),
  win_loss: lazy(() => import("./cards/WinLossCard").then((room) => ({ default: room.WinLossCard }))),
  ageing: lazy(() => import("./cards/AgeingCard").then((room) => ({ default: room.AgeingCard }))),
  leaderboard: lazy(() => import("./cards/LeaderboardCard").then((room) => ({ default: room.LeaderboardCard }))),
  activity: lazy(() => import("./cards/ActivityCard").then((room) => ({ default: room.ActivityCard }))),
  chart: lazy(() => import("./cards/ChartCard").then((room) => ({ default: room.ChartCard }))),
  figures: lazy(() => import("./cards/FiguresCard").then((room) => ({ default: room.FiguresCard }))),
  list: lazy(() => import("./cards/ListCard").then((room) => ({ default: room.ListCard }))),
  todo: lazy(() => import("./cards/TodoCard").then((room) => ({ default: room.TodoCard }))),
  approvals: lazy(() => import("./cards/ApprovalsCard").then((room) => ({ default: room.ApprovalsCard }))),
  holdings: lazy(() => import("./cards/HoldingsHere").then((room) => ({ default: room.HoldingsHere }))),
  recent: lazy(() => import("./cards/RecentCard").then((room) => ({ default: room.RecentCard }))),
};

/** Charts that bring a frame of their own; the card is only the ground below. */
export const FRAMED: ReadonlySet<string> = new Set(["stage_conversion", "pipeline", "forecast", "projection", "waterfall", "win_loss", "ageing", "leaderboard", "activity", "chart"]);
