import type { Difference, Process, ProcessStage, StageTask } from "~/api/processes";

const WITHOUT_MEANING = new Set(["id", "version", "active", "precedence", "object", "field", "stage", "key", "stages", "tasks"]);
const DEFAULTS: Record<string, unknown> = { duration_in: "calendar", due_in: "calendar", needed_tasks: '{"which":"required"}' };

/** A value as it counts: without what is empty or the default, and whatever the order of its keys. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 0 ? value.map(plain) : undefined;
  if (typeof value !== "object" || value === null) return value === null || value === "" || value === false ? undefined : value;
  const parts = Object.entries(value)
    .map(([key, part]) => [key, plain(part)] as const)
    .filter(([key, part]) => part !== undefined && DEFAULTS[key] !== part)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return parts.length > 0 ? Object.fromEntries(parts) : undefined;
}

const said = (key: string, value: unknown) => {
  const text = JSON.stringify(plain(value) ?? null);
  return text === DEFAULTS[key] || value === DEFAULTS[key] ? "null" : text;
};

function settings(old: object, next: object, place: Pick<Difference, "stage" | "task">): Difference[] {
  const [before, after] = [old as Record<string, unknown>, next as Record<string, unknown>];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => !WITHOUT_MEANING.has(key) && said(key, before[key]) !== said(key, after[key]))
    .map((setting) => ({ path: [place.stage, place.task, setting].filter(Boolean).join("/"), kind: "changed" as const, ...place, setting, old: before[setting], new: after[setting] }));
}

/** Things in order: which came, which went, and whether those in both stand in another order. */
function lists<T extends ProcessStage | StageTask>(old: T[], next: T[], keyOf: (it: T) => string, placeOf: (key: string) => Pick<Difference, "stage" | "task">, inside: (a: T, b: T) => Difference[]): Difference[] {
  const found: Difference[] = [];
  const whole = (it: T, kind: Difference["kind"], was?: unknown, is?: unknown): Difference => ({ path: keyOf(it), kind, ...placeOf(keyOf(it)), setting: "", old: was, new: is });
  for (const it of next) {
    const before = old.find((other) => keyOf(other) === keyOf(it));
    found.push(...(before ? inside(before, it) : [whole(it, "added", null, it)]));
  }
  const both = (one: T[], other: T[]) => one.map(keyOf).filter((key) => other.some((it) => keyOf(it) === key));
  const [was, is] = [both(old, next), both(next, old)];
  const moved = is.findIndex((key, index) => was[index] !== key);
  if (moved !== -1) {
    const it = next.find((other) => keyOf(other) === is[moved])!;
    found.push(whole(it, "moved", old.findIndex((other) => keyOf(other) === keyOf(it)) + 1, next.indexOf(it) + 1));
  }
  return [...found, ...old.filter((it) => !next.some((other) => keyOf(other) === keyOf(it))).map((it) => whole(it, "removed", it, null))];
}

/** What differs between two drawings of a process, setting by setting. What changed against a published version, the server tells. */
export function compare(old: Process, next: Process): Difference[] {
  const tasks = (a: ProcessStage, b: ProcessStage) =>
    lists(a.tasks ?? [], b.tasks ?? [], (task) => task.key, (task) => ({ stage: a.stage, task }), (x, y) => settings(x, y, { stage: a.stage, task: x.key }));
  return [...settings(old, next, {}), ...lists(old.stages, next.stages, (stage) => stage.stage, (stage) => ({ stage }), (a, b) => [...settings(a, b, { stage: a.stage }), ...tasks(a, b)])];
}
