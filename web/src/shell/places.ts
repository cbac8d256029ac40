import {
  IconAddressBook, IconBox, IconBriefcase, IconChartBar, IconBuilding, IconBuildingSkyscraper, IconBell, IconCalendarEvent, IconChecklist, IconCopyCheck, IconFileImport, IconGitBranch, IconHistory, IconDroplet, IconGauge, IconHeartbeat, IconHome, IconLayoutDashboard, IconLayoutKanban, IconListDetails, IconMail, IconBulb,
  IconRoute, IconRubberStamp, IconSettings, IconShare, IconShieldCheck, IconShieldLock, IconTable, IconTarget, IconTargetArrow, IconUser, IconUsers, IconTag, IconFileInvoice, IconShoppingCart, IconSwords, IconUsersGroup, IconWebhook, IconStack2, IconStack3, IconZoomCheck, IconReportSearch,
} from "@tabler/icons-react";
import type { Me, ObjectDef } from "~/api/types";
import { livesInAnother } from "~/records/relations";
import { ICONS, type Icon } from "./icons";

const OBJECT_ICONS: Record<string, Icon> = {
  opportunity: IconTargetArrow,
  account: IconBuilding,
  contact: IconAddressBook,
  product: IconBox,
  lead: IconBriefcase,
  quote: IconFileInvoice,
  sales_order: IconShoppingCart,
  price_book: IconTag,
  competitor: IconSwords,
  opportunity_line: IconListDetails,
  quote_line: IconListDetails,
  sales_order_line: IconListDetails,
  price_book_entry: IconListDetails,
  opportunity_competitor: IconSwords,
  win_loss_review: IconReportSearch,
  contact_role: IconUsersGroup,
  employee: IconUser,
  department: IconBuildingSkyscraper,
  activity: IconCalendarEvent,
  task: IconChecklist,
};

/** An object's icon: the chosen one, else that of the product's own objects. */
export function iconOf(object: string | Pick<ObjectDef, "key" | "icon">): Icon {
  const { key, icon } = typeof object === "string" ? { key: object, icon: undefined } : object;
  return (icon ? ICONS[icon] : undefined) ?? OBJECT_ICONS[key] ?? ICONS.cube!;
}

/** Seen with their deal, and looked for on their own too. */
const OFFERED = ["quote", "sales_order", "win_loss_review"];

/** Objects with a place of their own in the navigation: those that live in another are met there, people under administration. */
export function navigableObjects(objects: ObjectDef[]): ObjectDef[] {
  return objects.filter((object) => (!livesInAnother(object) || OFFERED.includes(object.key)) && !["employee", "department", "user_group"].includes(object.key));
}

export type Place = { key: "home" | "todo" | "approvals" | "notifications" | "analysis" | "targets" | "board" | "imports" | "objects" | "pipelines" | "stages" | "people" | "roles" | "homes" | "sharing" | "duplicateRules" | "approvalFlows" | "organisation" | "signIn" | "mail" | "webhooks" | "jobs" | "systemHealth" | "leads" | "holdings" | "holdingRules" | "pools" | "poolSettings" | "audit" | "duplicates" | "duplicateGroups"; to: string; icon: Icon; /** Its whole name, where there is room for it. */ whole?: "holdingRulesWhole" };

export const HOME: Place = { key: "home", to: "/", icon: IconHome };
export const TODO: Place = { key: "todo", to: "/todo", icon: IconChecklist };
export const APPROVALS: Place = { key: "approvals", to: "/approvals", icon: IconRubberStamp };
export const ANALYSIS: Place = { key: "analysis", to: "/analysis", icon: IconChartBar };
export const NOTIFICATIONS: Place = { key: "notifications", to: "/notifications", icon: IconBell };
export const DUPLICATES: Place = { key: "duplicates", to: "/duplicates", icon: IconZoomCheck };
export const HOLDINGS: Place = { key: "holdings", to: "/holdings", icon: IconGauge };
export const POOLS: Place = { key: "pools", to: "/pools", icon: IconDroplet };
export const BOARD: Place = { key: "board", to: "/o/opportunity/board", icon: IconLayoutKanban };

/** Screens for work on the system itself, as far as one may do it. */
export function administrationOf(me: Me): Place[] {
  const audit: Place[] = me.reads_audit ? [{ key: "audit", to: "/admin/audit", icon: IconHistory }] : [];
  const duplicates: Place[] = Object.values(me.acts).some((acts) => acts.includes("merge")) ? [{ key: "duplicateGroups", to: "/duplicate-groups", icon: IconStack3 }] : [];
  const imports: Place[] = me.admin || Object.values(me.acts).some((acts) => acts.includes("import")) ? [{ key: "imports", to: "/imports", icon: IconFileImport }] : [];
  if (!me.admin) return [...imports, ...duplicates, ...audit];
  return [
    { key: "objects", to: "/admin/objects", icon: IconTable },
    { key: "pipelines", to: "/admin/pipelines", icon: IconRoute },
    { key: "stages", to: "/admin/stages", icon: IconListDetails },
    { key: "people", to: "/admin/people", icon: IconUsers },
    { key: "roles", to: "/admin/roles", icon: IconShieldCheck },
    { key: "homes", to: "/admin/homes", icon: IconLayoutDashboard },
    { key: "sharing", to: "/admin/sharing", icon: IconShare },
    { key: "approvalFlows", to: "/admin/approval-flows", icon: IconGitBranch },
    { key: "duplicateRules", to: "/admin/duplicate-rules", icon: IconCopyCheck },
    { key: "leads", to: "/admin/leads", icon: IconBulb },
    { key: "holdingRules", whole: "holdingRulesWhole", to: "/admin/holding", icon: IconGauge },
    { key: "poolSettings", to: "/admin/pools", icon: IconDroplet },
    { key: "targets", to: "/admin/targets", icon: IconTarget },
    { key: "webhooks", to: "/admin/webhooks", icon: IconWebhook },
    { key: "jobs", to: "/admin/jobs", icon: IconStack2 },
    { key: "systemHealth", to: "/admin/health", icon: IconHeartbeat },
    { key: "organisation", to: "/admin/organisation", icon: IconSettings },
    { key: "signIn", to: "/admin/sign-in", icon: IconShieldLock },
    { key: "mail", to: "/admin/mail", icon: IconMail },
    ...imports,
    ...duplicates,
    ...audit,
  ];
}
