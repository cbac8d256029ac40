import { IconCheckbox, IconMail, IconMapPin, IconMessageCircle, IconNote, IconPhone } from "@tabler/icons-react";
import type { Mode } from "./draft";

export const MODE_ICONS = { comment: IconMessageCircle, call: IconPhone, visit: IconMapPin, email: IconMail, note: IconNote, task: IconCheckbox } as const;
export const MODES = ["call", "visit", "email", "note", "task", "comment"] as const;
/** Keys that begin something on a record. */
export const MODE_KEYS: Record<string, Mode> = { l: "call", t: "task", w: "comment" };
export const SUBMIT_KEYS = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘ ↵" : "Ctrl ↵";
/** The part of the address that opens a call on a record. */
export const LOG = "log";
