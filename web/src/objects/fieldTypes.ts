import {
  IconAlignLeft, IconAt, IconBuildingSkyscraper, IconCalendar, IconCheckbox, IconClockHour4, IconCoin, IconHash, IconLetterCase, IconLink, IconListCheck, IconListDetails, IconMathFunction, IconNumbers,
  IconPaperclip, IconPercentage, IconPhone, IconRoute, IconSelect, IconSum, IconUser, IconWorld,
} from "@tabler/icons-react";
import type { FieldType } from "~/api/types";
import type { Icon } from "~/shell/icons";

/** The types one may give a field of one's own. */
export const OWN_TYPES = [
  "text", "long_text", "email", "phone", "url", "auto_number", "number", "currency", "percent", "boolean", "select", "multi_select", "date", "datetime", "reference", "references", "employee",
  "department", "attachment", "calculated", "statistical",
] as const satisfies FieldType[];
export type OwnType = (typeof OWN_TYPES)[number];

/** The grid from which a type is chosen. */
export const TYPE_GROUPS: { key: "words" | "figures" | "choices" | "time" | "links" | "reckoned"; types: OwnType[] }[] = [
  { key: "words", types: ["text", "long_text", "email", "phone", "url", "auto_number"] },
  { key: "figures", types: ["number", "currency", "percent"] },
  { key: "choices", types: ["select", "multi_select", "boolean"] },
  { key: "time", types: ["date", "datetime"] },
  { key: "links", types: ["reference", "references", "employee", "department", "attachment"] },
  { key: "reckoned", types: ["calculated", "statistical"] },
];

export const TYPE_ICONS: Partial<Record<FieldType, Icon>> = {
  text: IconLetterCase,
  long_text: IconAlignLeft,
  email: IconAt,
  phone: IconPhone,
  url: IconWorld,
  auto_number: IconHash,
  number: IconNumbers,
  currency: IconCoin,
  percent: IconPercentage,
  boolean: IconCheckbox,
  select: IconSelect,
  multi_select: IconListCheck,
  date: IconCalendar,
  datetime: IconClockHour4,
  reference: IconLink,
  references: IconListDetails,
  master: IconLink,
  regarding: IconLink,
  employee: IconUser,
  department: IconBuildingSkyscraper,
  process: IconRoute,
  attachment: IconPaperclip,
  calculated: IconMathFunction,
  statistical: IconSum,
};

type Setting = "required" | "unique" | "fast" | "read_only" | "default" | "conditions";
const LINE: Setting[] = ["required", "unique", "fast", "read_only", "default", "conditions"];
const CHOICE: Setting[] = ["required", "fast", "read_only", "default", "conditions"];
const LINK: Setting[] = ["required", "fast", "read_only", "conditions"];

const SETTINGS: Partial<Record<FieldType, Setting[]>> = {
  text: LINE,
  email: LINE,
  phone: LINE,
  url: LINE,
  number: LINE,
  currency: CHOICE,
  percent: CHOICE,
  date: CHOICE,
  datetime: CHOICE,
  select: CHOICE,
  long_text: ["required", "read_only", "default", "conditions"],
  multi_select: ["required", "read_only", "default", "conditions"],
  boolean: ["fast", "read_only", "default", "conditions"],
  reference: LINK,
  employee: LINK,
  department: LINK,
  references: ["required", "read_only", "conditions"],
  attachment: ["required", "read_only", "conditions"],
};

/** Whether a setting has a meaning for a type; whether it may be so is the server's to say. */
export const hasSetting = (type: FieldType, setting: Setting): boolean => SETTINGS[type]?.includes(setting) ?? (setting === "conditions" && (type === "calculated" || type === "statistical"));
