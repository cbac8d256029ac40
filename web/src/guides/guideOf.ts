import type { Language } from "~/api/types";

/** Where the guides tell of a screen: the beginning of its address, and the page with its section. Longer addresses stand first. */
const GUIDES: [string, string][] = [
  ["/o/opportunity/board", "user-guide#work-on-the-board"],
  ["/o/quote", "user-guide#make-an-offer-quotes"],
  ["/o/sales_order", "user-guide#take-the-order"],
  ["/o/lead", "user-guide#leads-and-what-nobody-has"],
  ["/o/price_book", "administrator-guide#prices-and-amounts"],
  ["/o/", "user-guide#find-things-and-work-on-many"],
  ["/todo", "user-guide#my-day"],
  ["/notifications", "user-guide#my-day"],
  ["/approvals", "user-guide#ask-for-approval-and-give-it"],
  ["/analysis/forecast", "user-guide#say-what-the-month-will-bring-forecast"],
  ["/analysis/projection", "projection"],
  ["/analysis", "user-guide#read-the-figures"],
  ["/duplicates", "user-guide#create-a-deal"],
  ["/join-requests", "user-guide#create-a-deal"],
  ["/duplicate-groups", "administrator-guide#records-that-are-there-twice"],
  ["/pools", "user-guide#leads-and-what-nobody-has"],
  ["/holdings", "user-guide#leads-and-what-nobody-has"],
  ["/imports", "user-guide#bring-in-a-file"],
  ["/me", "user-guide#sign-in"],
  ["/admin/objects", "administrator-guide#objects-and-fields"],
  ["/admin/pipelines", "administrator-guide#pipelines"],
  ["/admin/stages", "administrator-guide#pipelines"],
  ["/admin/people", "administrator-guide#people"],
  ["/admin/roles", "administrator-guide#roles"],
  ["/admin/homes", "administrator-guide#homes-of-roles"],
  ["/admin/sharing", "administrator-guide#sharing-rules"],
  ["/admin/approval-flows", "administrator-guide#approval-flows"],
  ["/admin/duplicate-rules", "administrator-guide#duplicate-rules"],
  ["/admin/leads", "administrator-guide#leads"],
  ["/admin/holding", "administrator-guide#who-may-have-how-much"],
  ["/admin/pools", "administrator-guide#pools"],
  ["/admin/targets", "administrator-guide#targets"],
  ["/admin/webhooks", "administrator-guide#webhooks"],
  ["/admin/jobs", "administrator-guide#background-work"],
  ["/admin/health", "monitoring#the-page"],
  ["/admin/organisation", "administrator-guide#the-first-hour"],
  ["/admin/calendars", "administrator-guide#business-calendars"],
  ["/admin/sign-in", "administrator-guide#signing-in"],
  ["/admin/mail", "administrator-guide#e-mail"],
  ["/admin/audit", "administrator-guide#the-audit-log"],
];

/** The address of the guide to a screen. */
export function guideOf(path: string, language: Language): string {
  const page = path === "/" ? "user-guide#arrange-your-home" : (GUIDES.find(([begins]) => path.startsWith(begins))?.[1] ?? "user-guide");
  const [name, section] = page.split("#");
  if (language === "zh-CN" && name === "user-guide") return "/docs/zh/user-guide";
  return `/docs/${name}${section ? `#${section}` : ""}`;
}
