import type { Notice } from "~/api/notifications";

/** Where a notice leads. What is said in a comment is opened at the comment. */
export function placeOf({ link, kind, params }: Pick<Notice, "link" | "kind" | "params">): { to: string; hash?: string; search?: Record<string, string> } | undefined {
  if (!link) return undefined;
  const [path = "", hash] = link.split("#");
  const [to = "", asked] = path.split("?");
  if (asked) return { to, search: Object.fromEntries(new URLSearchParams(asked)) };
  if (hash) return { to, hash };
  if (kind !== "mention") return { to };
  return { to, hash: typeof params?.["comment"] === "string" ? `comment-${params["comment"]}` : "activity" };
}
