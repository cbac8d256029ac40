import type { ApprovalState } from "~/api/approvals";

/** How well it stands. */
export const STATE_TONE = {
  running: "busy",
  returned: "warn",
  approved: "good",
  rejected: "danger",
  withdrawn: "quiet",
  failed: "danger",
  superseded: "quiet",
} as const satisfies Record<ApprovalState, "good" | "warn" | "danger" | "busy" | "quiet">;
