import type { QueryKey } from "@tanstack/react-query";

/** What the server tells about changes that one may see. It carries no data: whoever shows the thing reads it again. */
export type LiveMessage =
  | { kind: "hint"; object: string; id: string; revision?: number; columns?: string[]; act?: string }
  | { kind: "gone"; object: string; id: string }
  | { kind: "meta"; metaVersion?: number }
  | { kind: "reset" }
  /** Something one is told; without `id` only how many are unread has changed. */
  | { kind: "notice"; id?: string; unread?: number; notice?: string; title?: string };

/** Reads one server-sent event; `undefined` for what this version of the screens does not know. */
export function readMessage(name: string, data: string): LiveMessage | undefined {
  let body: Record<string, unknown>;
  try {
    body = (data ? JSON.parse(data) : {}) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const { object, id } = body;
  switch (name) {
    case "hint":
      if (typeof object !== "string" || typeof id !== "string") return undefined;
      return {
        kind: "hint",
        object,
        id,
        revision: typeof body["revision"] === "number" ? body["revision"] : undefined,
        columns: Array.isArray(body["columns"]) ? (body["columns"] as string[]) : undefined,
        act: typeof body["act"] === "string" ? body["act"] : undefined,
      };
    case "gone":
      return typeof object === "string" && typeof id === "string" ? { kind: "gone", object, id } : undefined;
    case "meta":
      return { kind: "meta", metaVersion: typeof body["meta_version"] === "number" ? body["meta_version"] : undefined };
    case "reset":
      return { kind: "reset" };
    case "notice":
      return { kind: "notice", id: text(id), unread: typeof body["unread"] === "number" ? body["unread"] : undefined, notice: text(body["kind"]), title: text(body["title"]) };
    default:
      return undefined;
  }
}

const text = (value: unknown) => (typeof value === "string" ? value : undefined);

/** The queries that show what a message is about: those to read at once, those of many rows which can wait a moment, and figures over all of them. */
export interface Stale {
  now: QueryKey[];
  soon: QueryKey[];
  later?: QueryKey[];
}

/** Charts and figures of any kind: what is written anywhere may count in them. */
const FIGURES: QueryKey[] = [["analysis"]];

const ACCESS = new Set(["team", "access"]);

/**
 * Which queries a message makes stale. `known` tells the revision of a record that is already here: the echo of one's own
 * write then costs no second reading.
 */
export function staleAfter(message: LiveMessage, known: (object: string, id: string) => number | undefined): Stale {
  switch (message.kind) {
    case "hint": {
      const present = known(message.object, message.id);
      // Who sees a record and may do what with it changes without a new revision of the record itself.
      const ofAccess = message.columns?.some((column) => ACCESS.has(column)) ?? false;
      const upToDate = !ofAccess && present !== undefined && message.revision !== undefined && present >= message.revision;
      return {
        now: upToDate ? [] : [["records", message.object, "one", message.id]],
        soon: [...manyRows(message.object), ...happened(message.object, message.id)],
        later: FIGURES,
      };
    }
    case "gone":
      return { now: [["records", message.object, "one", message.id]], soon: [...manyRows(message.object), ...happened(message.object, message.id)], later: FIGURES };
    case "meta":
      // Roles and sharing rules are of it too, so that other records may be seen now, or less of them.
      return { now: [["objects"], ["definitions"], ["me"], ["processes"], ["organisation"], ["roles"], ["sharing-rules"]], soon: [["records"], ["board"], ["access"]], later: FIGURES };
    case "reset":
      return { now: [[]], soon: [] };
    case "notice":
      return { now: [["notifications", "list"]], soon: [["todo"], ["join-requests"], ["approvals"]] };
  }
}

/** What hangs on records: whose timeline it is in, only the timeline that is shown can know. */
const HANGING = ["activity", "task", "comment"];

function happened(object: string, id: string): QueryKey[] {
  if (HANGING.includes(object)) return [["timeline"], ["todo"]];
  // What a record is due for waits in the list of its owner.
  return object === "opportunity" || object === "lead" ? [["timeline", object, id], ["todo"]] : [["timeline", object, id]];
}

function manyRows(object: string): QueryKey[] {
  const lists: QueryKey[] = [["records", object, "list"]];
  if (object === "opportunity") lists.push(["board"]);
  // Departments are shown with how many people are in them.
  if (object === "employee") lists.push(["records", "department", "list", "tree"]);
  if (object === "import") lists.push(["imports"]);
  return lists;
}
