import type { CreateOnEntry, Difference, Fill, NeededTasks, Party, Process, ProcessStage, Reminder, StageLink, StageTask, TaskAct, Who } from "~/api/processes";
import type { Condition } from "~/api/types";

/** What must be known to say a setting in the reader's language. */
export type Words = {
  /** A text of the room. */
  say: (key: string, values?: Record<string, unknown>) => string;
  duration: (seconds: number) => string;
  condition: (condition: Condition, object: string) => string;
  stage: (key: string) => string;
  object: (key: string) => string;
  /** A field of an object, perhaps across a reference. */
  field: (object: string, key: string) => string;
  option: (field: string, key: string) => string;
  teamRole: (key: string) => string;
  role: (key: string) => string;
  person: (id: string) => string;
  department: (id: string) => string;
  group: (id: string) => string;
  task: (key: string) => string;
};

const DEAL = "opportunity";
const YES_OR_NO = new Set(["allow_skip", "approval", "ignore_normal", "back_moves", "required", "repeat", "active"]);
const DURATIONS = new Set(["duration_seconds", "due_seconds"]);
const CONDITIONS = new Set(["entry_condition", "completion_condition", "condition"]);
const SEPARATOR = ", ";

export function sayParty(party: Party, words: Words): string {
  switch (party.kind) {
    case "team_role":
      return words.say("parties.teamRole", { role: words.teamRole(party.role) });
    case "field":
      return words.say("parties.field", { field: words.field(DEAL, party.field) });
    case "person":
      return words.person(party.id);
    default:
      return words.say(`parties.${party.kind}`);
  }
}

const sayParties = (parties: Party[], words: Words) => parties.map((party) => sayParty(party, words)).join(SEPARATOR);

function sayReminder({ when, seconds, every_days, to }: Reminder, words: Words): string {
  const point = seconds === 0 ? words.say("said.atDue") : words.say(`said.${when}`, { time: words.duration(seconds) });
  const again = every_days ? ` ${words.say("said.every", { count: every_days })}` : "";
  return `${point}${again} → ${sayParties(to, words)}`;
}

const sayFill = (fill: Fill[], object: string, words: Words) => fill.map((pair) => `${words.field(object, pair.field)} ← ${words.field(DEAL, pair.from)}`).join(SEPARATOR);

function sayAct(act: TaskAct, words: Words): string {
  const kind = words.say(`kinds.${act.kind}`);
  switch (act.kind) {
    case "edit_object": {
      const fields = act.fields.map((field) => words.field(act.of ? `${DEAL}.${act.of}` : DEAL, field)).join(SEPARATOR);
      return `${kind}: ${act.of ? `${words.field(DEAL, act.of)} › ` : ""}${fields}`;
    }
    case "create_object": {
      const parts = [
        words.object(act.object),
        words.say("said.atLeast", { count: act.minimum }),
        ...(act.fill.length > 0 ? [sayFill(act.fill, act.object, words)] : []),
        words.say(act.create_only ? "said.createOnly" : "said.mayChoose"),
        ...(act.choose_from ? [words.condition(act.choose_from, act.object)] : []),
      ];
      return `${kind}: ${parts.join(SEPARATOR)}`;
    }
    case "edit_sub_objects":
      return `${kind}: ${words.object(act.object)}, ${words.say("said.atLeast", { count: act.minimum })}`;
    case "checklist_item":
      return kind;
  }
}

function sayNeeded(needed: NeededTasks, words: Words): string {
  if (needed.which === "chosen") return needed.tasks.map(words.task).join(SEPARATOR);
  return needed.which === "number" ? words.say("said.nTasks", { count: needed.n }) : words.say("needed.required");
}

function sayWho(who: Who, words: Words): string {
  const parts = [
    ...who.departments.map((it) => (it.with_sub ? words.say("said.withSub", { name: words.department(it.id) }) : words.department(it.id))),
    ...who.groups.map(words.group),
    ...who.roles.map(words.role),
    ...who.people.map(words.person),
  ];
  return parts.length > 0 ? parts.join(SEPARATOR) : words.say("everybody");
}

const sayCreate = ({ object, fields, fill }: CreateOnEntry, words: Words) =>
  [words.object(object), ...fields.map((field) => words.field(object, field)), ...(fill.length > 0 ? [sayFill(fill, object, words)] : [])].join(SEPARATOR);

const isNothing = (value: unknown) => value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);

/** The value of a setting as a person reads it. */
export function sayValue(setting: string, value: unknown, words: Words): string {
  if (YES_OR_NO.has(setting)) return words.say(value ? "said.yes" : "said.no");
  if (setting === "duration_in" || setting === "due_in") return words.say(`times.${(value as string | null) ?? "calendar"}`);
  if (setting === "needed_tasks") return sayNeeded((value as NeededTasks | null) ?? { which: "required" }, words);
  if (setting === "assignees" && isNothing(value)) return words.say("parties.owner");
  if (isNothing(value)) return words.say("said.nothing");
  if (DURATIONS.has(setting)) return words.duration(value as number);
  if (CONDITIONS.has(setting)) return words.condition(value as Condition, DEAL);
  switch (setting) {
    case "win_rate":
      return `${Number(value)}%`;
    case "forecast_category":
      return words.option(setting, value as string);
    case "links":
      return (value as StageLink[]).map((link) => `${link.label} (${link.url})`).join(SEPARATOR);
    case "required_fields":
      return (value as string[]).map((field) => words.field(DEAL, field)).join(SEPARATOR);
    case "must_have_completed":
      return (value as string[]).map(words.stage).join(SEPARATOR);
    case "reminders":
      return (value as Reminder[]).map((reminder) => sayReminder(reminder, words)).join("; ");
    case "creates":
      return (value as CreateOnEntry[]).map((create) => sayCreate(create, words)).join("; ");
    case "assignees":
      return sayParties(value as Party[], words);
    case "act":
      return sayAct(value as TaskAct, words);
    case "who":
      return sayWho(value as Who, words);
    default:
      return typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
  }
}

/** Everything a difference mentions by id or condition, whose names must be known before it is said. */
export type Mentioned = { conditions: { condition: Condition; object: string }[]; people: string[]; departments: string[]; groups: string[] };

export function mentioned(differences: Difference[]): Mentioned {
  const found: Mentioned = { conditions: [], people: [], departments: [], groups: [] };
  const look = (setting: string, value: unknown) => {
    if (isNothing(value)) return;
    if (CONDITIONS.has(setting)) found.conditions.push({ condition: value as Condition, object: DEAL });
    if (setting === "act" && (value as TaskAct).kind === "create_object") {
      const { choose_from, object } = value as Extract<TaskAct, { kind: "create_object" }>;
      if (choose_from) found.conditions.push({ condition: choose_from, object });
    }
    const parties = setting === "assignees" ? (value as Party[]) : setting === "reminders" ? (value as Reminder[]).flatMap((it) => it.to) : [];
    for (const party of parties) if (party.kind === "person") found.people.push(party.id);
    if (setting === "who") {
      const who = value as Who;
      found.people.push(...who.people);
      found.departments.push(...who.departments.map((it) => it.id));
      found.groups.push(...who.groups);
    }
  };
  for (const { setting, old, new: next } of differences) for (const value of [old, next]) look(setting, value);
  const once = (ids: string[]) => [...new Set(ids)];
  return { conditions: found.conditions, people: once(found.people), departments: once(found.departments), groups: once(found.groups) };
}

/** Names of tasks, from wherever they are known: one that is gone is named by what it was. */
export function taskNames(differences: Difference[], ...processes: (Process | null | undefined)[]): Map<string, string> {
  const names = new Map<string, string>();
  const note = (tasks: StageTask[] | null | undefined) => tasks?.forEach((task) => names.has(task.key) || !task.name || names.set(task.key, task.name));
  for (const process of processes) process?.stages.forEach((stage) => note(stage.tasks));
  for (const { setting, task, old, new: next } of differences) {
    for (const value of [next, old]) if (setting === "" && typeof value === "object" && value) note(task ? [value as StageTask] : (value as ProcessStage).tasks);
    if (setting === "name" && task && typeof next === "string" && !names.has(task)) names.set(task, next);
  }
  return names;
}
