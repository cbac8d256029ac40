import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import { objectsQuery, meQuery } from "./api/queries";
import { WHICH, type Which } from "./api/approvals";
import { homeQuery } from "./api/home";
import type { JobsAsked } from "./api/jobs";
import type { GroupState } from "./api/merging";
import { filtersOf } from "./audit/filters";
import { isSignedOut } from "./api/problem";
import { get } from "./api/http";
import type { Setup } from "./api/types";
import { setLanguage, settingsTexts } from "./i18n";
import { queryClient } from "./queryClient";
import { Shell } from "./shell/Shell";
import { ErrorState } from "./ui/ErrorState";
import { PageSkeleton } from "./ui/Skeletons";
import { NotFound } from "./shell/NotFound";

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: ({ error, reset }) => <ErrorState error={error} onRetry={reset} />,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { to?: string; step?: string; error?: string } => ({
    ...(typeof search.to === "string" ? { to: search.to } : {}),
    ...(typeof search.step === "string" ? { step: search.step } : {}),
    ...(typeof search.error === "string" ? { error: search.error } : {}),
  }),
  component: lazyRouteComponent(() => import("./account/SignIn"), "SignIn"),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  component: lazyRouteComponent(() => import("./account/SetUp"), "SetUp"),
});

const enrol = createRoute({
  getParentRoute: () => root,
  path: "/enrol",
  validateSearch: (search: Record<string, unknown>): { to?: string } => (typeof search.to === "string" ? { to: search.to } : {}),
  component: lazyRouteComponent(() => import("./account/Enrol"), "Enrol"),
});

/** Screens whose texts are read for themselves. */
const SETTINGS = /^\/(admin|imports|me)\b/;

/** Everything behind the sign-in: who one is and what there is are known before it is drawn. */
const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: Shell,
  pendingComponent: PageSkeleton,
  beforeLoad: async ({ location }) => {
    try {
      const me = await queryClient.ensureQueryData(meQuery);
      await setLanguage(me.language);
      if (me.must_enrol) throw redirect({ to: "/enrol", search: location.href === "/" ? {} : { to: location.href } });
      // Where the day begins, the page is asked for along with what it is made of.
      if (location.pathname === "/") void queryClient.prefetchQuery(homeQuery("/home"));
      await Promise.all([queryClient.ensureQueryData(objectsQuery), SETTINGS.test(location.pathname) ? settingsTexts() : null]);
    } catch (error) {
      if (!isSignedOut(error)) throw error;
      const { needs_setup } = await get<Setup>("/setup");
      if (needs_setup) throw redirect({ to: "/setup" });
      throw redirect({ to: "/sign-in", search: location.href === "/" ? {} : { to: location.href } });
    }
  },
});

const home = createRoute({ getParentRoute: () => shell, path: "/", component: lazyRouteComponent(() => import("./home/Home"), "Home") });
const profile = createRoute({ getParentRoute: () => shell, path: "/me", component: lazyRouteComponent(() => import("./account/Profile"), "Profile") });
const todo = createRoute({
  getParentRoute: () => shell,
  path: "/todo",
  validateSearch: (search: Record<string, unknown>): { kind?: string } => (typeof search.kind === "string" ? { kind: search.kind } : {}),
  component: lazyRouteComponent(() => import("./todo/Todo"), "Todo"),
});
const approvals = createRoute({
  getParentRoute: () => shell,
  path: "/approvals",
  validateSearch: (search: Record<string, unknown>): { which?: Which } => (WHICH.some((one) => one === search.which) ? { which: search.which as Which } : {}),
  component: lazyRouteComponent(() => import("./approvals/Approvals"), "Approvals"),
});
const approval = createRoute({ getParentRoute: () => shell, path: "/approvals/$id", component: lazyRouteComponent(() => import("./approvals/ApprovalScreen"), "ApprovalScreen") });
const notifications = createRoute({ getParentRoute: () => shell, path: "/notifications", component: lazyRouteComponent(() => import("./notices/Notices"), "Notices") });
const board = createRoute({ getParentRoute: () => shell, path: "/o/opportunity/board", component: lazyRouteComponent(() => import("./processes/Board"), "Board") });
const table = createRoute({ getParentRoute: () => shell, path: "/o/$object", component: lazyRouteComponent(() => import("./records/Table"), "Table") });
const detail = createRoute({ getParentRoute: () => shell, path: "/o/$object/$id", component: lazyRouteComponent(() => import("./records/Detail"), "Detail") });
const pipelines = createRoute({ getParentRoute: () => shell, path: "/admin/pipelines", component: lazyRouteComponent(() => import("./processes/pipelines/Pipelines"), "Pipelines") });
const pipeline = createRoute({
  getParentRoute: () => shell,
  path: "/admin/pipelines/$id",
  validateSearch: (search: Record<string, unknown>): { tab?: string; stage?: string; task?: string } => ({
    ...(typeof search.tab === "string" ? { tab: search.tab } : {}),
    ...(typeof search.stage === "string" ? { stage: search.stage } : {}),
    ...(typeof search.task === "string" ? { task: search.task } : {}),
  }),
  component: lazyRouteComponent(() => import("./processes/pipelines/PipelineEditor"), "PipelineEditor"),
});
const tryout = createRoute({
  getParentRoute: () => shell,
  path: "/admin/pipelines/$id/try",
  validateSearch: (search: Record<string, unknown>): { months?: number; list?: "held_back" | "overdue" | "stuck" } => ({
    ...(Number.isInteger(search.months) && Number(search.months) >= 1 && Number(search.months) <= 24 ? { months: Number(search.months) } : {}),
    ...(search.list === "held_back" || search.list === "overdue" || search.list === "stuck" ? { list: search.list } : {}),
  }),
  component: lazyRouteComponent(() => import("./processes/tryout/Tryout"), "Tryout"),
});
const stages = createRoute({ getParentRoute: () => shell, path: "/admin/stages", component: lazyRouteComponent(() => import("./processes/StageOptions"), "StageOptions") });
const objects = createRoute({ getParentRoute: () => shell, path: "/admin/objects", component: lazyRouteComponent(() => import("./objects/Objects"), "Objects") });
const object = createRoute({
  getParentRoute: () => shell,
  path: "/admin/objects/$object",
  validateSearch: (search: Record<string, unknown>): { tab?: string; field?: string; rule?: string } => ({
    ...(typeof search.tab === "string" ? { tab: search.tab } : {}),
    ...(typeof search.field === "string" ? { field: search.field } : {}),
    ...(typeof search.rule === "string" ? { rule: search.rule } : {}),
  }),
  component: lazyRouteComponent(() => import("./objects/ObjectScreen"), "ObjectScreen"),
});
const calendar = createRoute({ getParentRoute: () => shell, path: "/admin/calendars/$calendar", component: lazyRouteComponent(() => import("./calendars/CalendarScreen"), "CalendarScreen") });
const roles = createRoute({ getParentRoute: () => shell, path: "/admin/roles", component: lazyRouteComponent(() => import("./roles/Roles"), "Roles") });
const compareRoles = createRoute({
  getParentRoute: () => shell,
  path: "/admin/roles/compare",
  validateSearch: (search: Record<string, unknown>): { a?: string; b?: string } => ({ ...(typeof search.a === "string" ? { a: search.a } : {}), ...(typeof search.b === "string" ? { b: search.b } : {}) }),
  component: lazyRouteComponent(() => import("./roles/CompareRoles"), "CompareRoles"),
});
const role = createRoute({
  getParentRoute: () => shell,
  path: "/admin/roles/$role",
  validateSearch: (search: Record<string, unknown>): { from?: string } => (typeof search.from === "string" ? { from: search.from } : {}),
  component: lazyRouteComponent(() => import("./roles/RoleScreen"), "RoleScreen"),
});
const sharing = createRoute({
  getParentRoute: () => shell,
  path: "/admin/sharing",
  validateSearch: (search: Record<string, unknown>): { object?: string; rule?: string } => ({ ...(typeof search.object === "string" ? { object: search.object } : {}), ...(typeof search.rule === "string" ? { rule: search.rule } : {}) }),
  component: lazyRouteComponent(() => import("./sharing/SharingRules"), "SharingRules"),
});
const duplicateRules = createRoute({ getParentRoute: () => shell, path: "/admin/duplicate-rules", component: lazyRouteComponent(() => import("./duplicates/duplicateRules/DuplicateRules"), "DuplicateRules") });
const duplicateRule = createRoute({
  getParentRoute: () => shell,
  path: "/admin/duplicate-rules/$rule",
  validateSearch: (search: Record<string, unknown>): { object?: string } => (typeof search.object === "string" ? { object: search.object } : {}),
  component: lazyRouteComponent(() => import("./duplicates/duplicateRules/RuleScreen"), "RuleScreen"),
});
const approvalFlows = createRoute({ getParentRoute: () => shell, path: "/admin/approval-flows", component: lazyRouteComponent(() => import("./approvals/flows/Flows"), "Flows") });
const approvalFlow = createRoute({
  getParentRoute: () => shell,
  path: "/admin/approval-flows/$flow",
  validateSearch: (search: Record<string, unknown>): { object?: string; copy?: string; trigger?: string; stage?: string } =>
    Object.fromEntries(["object", "copy", "trigger", "stage"].flatMap((key) => (typeof search[key] === "string" ? [[key, search[key]]] : []))),
  component: lazyRouteComponent(() => import("./approvals/flows/FlowScreen"), "FlowScreen"),
});
const checkTool = createRoute({
  getParentRoute: () => shell,
  path: "/duplicates",
  validateSearch: (search: Record<string, unknown>): { text?: string; object?: string } => ({ ...(typeof search.text === "string" ? { text: search.text } : {}), ...(typeof search.object === "string" ? { object: search.object } : {}) }),
  component: lazyRouteComponent(() => import("./duplicates/CheckTool"), "CheckTool"),
});
const joinRequests = createRoute({
  getParentRoute: () => shell,
  path: "/join-requests",
  validateSearch: (search: Record<string, unknown>): { box?: "mine" } => (search.box === "mine" ? { box: "mine" } : {}),
  component: lazyRouteComponent(() => import("./duplicates/joining/JoinRequestsScreen"), "JoinRequestsScreen"),
});
const jobs = createRoute({
  getParentRoute: () => shell,
  path: "/admin/jobs",
  validateSearch: (search: Record<string, unknown>): JobsAsked => ({
    ...(typeof search.state === "string" ? { state: search.state as JobsAsked["state"] } : {}),
    ...(typeof search.kind === "string" ? { kind: search.kind } : {}),
    ...(search.mine === true ? { mine: true } : {}),
  }),
  component: lazyRouteComponent(() => import("./jobs/Jobs"), "Jobs"),
});
const health = createRoute({ getParentRoute: () => shell, path: "/admin/health", component: lazyRouteComponent(() => import("./health/SystemHealth"), "SystemHealth") });
const webhooks = createRoute({ getParentRoute: () => shell, path: "/admin/webhooks", component: lazyRouteComponent(() => import("./webhooks/Webhooks"), "Webhooks") });
const webhook = createRoute({ getParentRoute: () => shell, path: "/admin/webhooks/$webhook", component: lazyRouteComponent(() => import("./webhooks/WebhookScreen"), "WebhookScreen") });
const organisation = createRoute({ getParentRoute: () => shell, path: "/admin/organisation", component: lazyRouteComponent(() => import("./organisation/Organisation"), "Organisation") });
/** The record that a screen has open beside its list. */
const openedOf = (key: string) => (search: Record<string, unknown>) => (typeof search[key] === "string" ? { [key]: search[key] } : {});
const people = createRoute({ getParentRoute: () => shell, path: "/admin/people", validateSearch: (search: Record<string, unknown>): { person?: string; role?: string } => ({ ...(typeof search.person === "string" ? { person: search.person } : {}), ...(typeof search.role === "string" ? { role: search.role } : {}) }), component: lazyRouteComponent(() => import("./people/People"), "People") });
const departments = createRoute({ getParentRoute: () => shell, path: "/admin/people/departments", validateSearch: openedOf("department") as (search: Record<string, unknown>) => { department?: string }, component: lazyRouteComponent(() => import("./people/Departments"), "Departments") });
const groups = createRoute({ getParentRoute: () => shell, path: "/admin/people/groups", validateSearch: openedOf("group") as (search: Record<string, unknown>) => { group?: string }, component: lazyRouteComponent(() => import("./people/Groups"), "Groups") });
const audit = createRoute({
  getParentRoute: () => shell,
  path: "/admin/audit",
  validateSearch: filtersOf,
  component: lazyRouteComponent(() => import("./audit/Audit"), "Audit"),
});
const signInSettings = createRoute({ getParentRoute: () => shell, path: "/admin/sign-in", component: lazyRouteComponent(() => import("./security/SignInSettings"), "SignInSettings") });
const mail = createRoute({ getParentRoute: () => shell, path: "/admin/mail", component: lazyRouteComponent(() => import("./mail/MailSettings"), "MailSettings") });
const ownSight = createRoute({ getParentRoute: () => shell, path: "/me/access", component: lazyRouteComponent(() => import("./people/SightScreen"), "OwnSight") });
const sight = createRoute({ getParentRoute: () => shell, path: "/admin/people/$id/access", component: lazyRouteComponent(() => import("./people/SightScreen"), "SightScreen") });
const leads = createRoute({
  getParentRoute: () => shell,
  path: "/admin/leads",
  validateSearch: (search: Record<string, unknown>): { tab?: string; rule?: string; form?: string } => ({
    ...(typeof search.tab === "string" ? { tab: search.tab } : {}),
    ...(typeof search.rule === "string" ? { rule: search.rule } : {}),
    ...(typeof search.form === "string" ? { form: search.form } : {}),
  }),
  component: lazyRouteComponent(() => import("./leads/LeadSettings"), "LeadSettings"),
});
const holdingRules = createRoute({
  getParentRoute: () => shell,
  path: "/admin/holding",
  validateSearch: (search: Record<string, unknown>): { object?: string; rule?: string } => ({ ...(typeof search.object === "string" ? { object: search.object } : {}), ...(typeof search.rule === "string" ? { rule: search.rule } : {}) }),
  // What uses a field leads to the rule by its id alone.
  beforeLoad: ({ search }) => {
    if (search.rule) throw redirect({ to: "/admin/holding/$rule", params: { rule: search.rule } });
  },
  component: lazyRouteComponent(() => import("./holding/HoldingRules"), "HoldingRules"),
});
const holdingRule = createRoute({
  getParentRoute: () => shell,
  path: "/admin/holding/$rule",
  validateSearch: (search: Record<string, unknown>): { object?: string } => (typeof search.object === "string" ? { object: search.object } : {}),
  component: lazyRouteComponent(() => import("./holding/RuleScreen"), "RuleScreen"),
});
const holdings = createRoute({
  getParentRoute: () => shell,
  path: "/holdings",
  validateSearch: (search: Record<string, unknown>): { tab?: "team" } => (search.tab === "team" ? { tab: "team" } : {}),
  component: lazyRouteComponent(() => import("./holding/MyHoldings"), "MyHoldings"),
});
const pools = createRoute({ getParentRoute: () => shell, path: "/pools", component: lazyRouteComponent(() => import("./pools/Pools"), "Pools") });
const pool = createRoute({ getParentRoute: () => shell, path: "/pools/$pool", component: lazyRouteComponent(() => import("./pools/PoolScreen"), "PoolScreen") });
const poolSettings = createRoute({
  getParentRoute: () => shell,
  path: "/admin/pools",
  validateSearch: (search: Record<string, unknown>): { pool?: string } => (typeof search.pool === "string" ? { pool: search.pool } : {}),
  beforeLoad: ({ search }) => {
    if (search.pool) throw redirect({ to: "/admin/pools/$pool", params: { pool: search.pool } });
  },
  component: lazyRouteComponent(() => import("./pools/PoolSettings"), "PoolSettings"),
});
const poolEditor = createRoute({
  getParentRoute: () => shell,
  path: "/admin/pools/$pool",
  validateSearch: (search: Record<string, unknown>): { object?: string } => (typeof search.object === "string" ? { object: search.object } : {}),
  component: lazyRouteComponent(() => import("./pools/PoolEditorScreen"), "PoolEditorScreen"),
});
const duplicateGroups = createRoute({
  getParentRoute: () => shell,
  path: "/duplicate-groups",
  validateSearch: (search: Record<string, unknown>): { object?: string; state?: GroupState } => ({
    ...(typeof search.object === "string" ? { object: search.object } : {}),
    ...(search.state === "dismissed" || search.state === "merged" ? { state: search.state } : {}),
  }),
  component: lazyRouteComponent(() => import("./merging/Duplicates"), "Duplicates"),
});
const imports = createRoute({ getParentRoute: () => shell, path: "/imports", component: lazyRouteComponent(() => import("./imports/Imports"), "Imports") });
const newImport = createRoute({
  getParentRoute: () => shell,
  path: "/imports/new",
  validateSearch: ({ at }: Record<string, unknown>): { at: "found" | "mapping" | "check" } => ({ at: at === "mapping" || at === "check" ? at : "found" }),
  component: lazyRouteComponent(() => import("./imports/Wizard"), "Wizard"),
});
const oneImport = createRoute({ getParentRoute: () => shell, path: "/imports/$id", component: lazyRouteComponent(() => import("./imports/ImportScreen"), "ImportScreen") });

/** Which deals an analysis is about, and how it is looked at, is all in its address. */
const anyAddress = (search: Record<string, unknown>): Record<string, unknown> => search;
const analyses = createRoute({ getParentRoute: () => shell, path: "/analysis", component: lazyRouteComponent(() => import("./analyses/Analyses"), "Analyses") });
const homes = createRoute({
  getParentRoute: () => shell,
  path: "/admin/homes",
  validateSearch: (search: Record<string, unknown>): { role?: string } => (typeof search.role === "string" ? { role: search.role } : {}),
  component: lazyRouteComponent(() => import("./home/Homes"), "Homes"),
});
const stageConversion = createRoute({ getParentRoute: () => shell, path: "/analysis/stage-conversion", validateSearch: anyAddress, component: lazyRouteComponent(() => import("./analysis/conversion/ConversionScreen"), "ConversionScreen") });
const pipelineAnalysis = createRoute({ getParentRoute: () => shell, path: "/analysis/pipeline", validateSearch: anyAddress, component: lazyRouteComponent(() => import("./analysis/pipeline/PipelineScreen"), "PipelineScreen") });
const past = createRoute({ getParentRoute: () => shell, path: "/analysis/past", validateSearch: anyAddress, component: lazyRouteComponent(() => import("./analysis/past/PastScreen"), "PastScreen") });
const forecast = createRoute({ getParentRoute: () => shell, path: "/analysis/forecast", validateSearch: anyAddress, component: lazyRouteComponent(() => import("./analysis/forecast/ForecastScreen"), "ForecastScreen") });
const projection = createRoute({ getParentRoute: () => shell, path: "/analysis/projection", validateSearch: anyAddress, component: lazyRouteComponent(() => import("./analysis/projection/ProjectionScreen"), "ProjectionScreen") });

const winLoss = createRoute({ getParentRoute: () => shell, path: "/analysis/win-loss", validateSearch: anyAddress, component: lazyRouteComponent(() => import("./analysis/winLoss/WinLossScreen"), "WinLossScreen") });
const ageing = createRoute({ getParentRoute: () => shell, path: "/analysis/ageing", validateSearch: anyAddress, component: lazyRouteComponent(() => import("./analysis/ageing/AgeingScreen"), "AgeingScreen") });
const leaderboard = createRoute({ getParentRoute: () => shell, path: "/analysis/leaderboard", validateSearch: anyAddress, component: lazyRouteComponent(() => import("./analysis/leaderboard/LeaderboardScreen"), "LeaderboardScreen") });

const targets = createRoute({ getParentRoute: () => shell, path: "/admin/targets", validateSearch: anyAddress, component: lazyRouteComponent(() => import("./targets/TargetsScreen"), "TargetsScreen") });

const routeTree = root.addChildren([
  signIn,
  setup,
  enrol,
  shell.addChildren([home, todo, approvals, approval, notifications, profile, board, table, detail, objects, object, pipelines, pipeline, tryout, stages, roles, compareRoles, role, sharing, duplicateRules, duplicateRule, approvalFlows, approvalFlow, checkTool, joinRequests, organisation, calendar, people, sight, ownSight, departments, groups, signInSettings, mail, webhooks, webhook, jobs, health, leads, duplicateGroups, newImport, oneImport, audit, imports, holdingRules, holdingRule, holdings, pools, pool, poolSettings, poolEditor, analyses, pipelineAnalysis, forecast, past, projection, stageConversion, winLoss, ageing, leaderboard, targets, homes]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: "intent",
  defaultPendingMs: 250,
  defaultPendingComponent: PageSkeleton,
  defaultErrorComponent: ({ error, reset }) => <ErrorState error={error} onRetry={reset} />,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
