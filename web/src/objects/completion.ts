import type { FormulaFunction } from "~/api/definitions";
import type { Field, Label, Language, ObjectDef } from "~/api/types";
import { labelIn } from "~/i18n";

/** What a formula can go on with at a place. */
export type Suggestion = {
  kind: "field" | "function";
  /** What is put in: a key, a function's name. */
  name: string;
  /** What it is called, or how it is used. */
  text: string;
  help?: string;
  /** A reference: more can follow behind a point. */
  leadsOn?: boolean;
};

/** The word that is being written: where it stands, its beginning, and the references before it. */
export type Word = { from: number; to: number; path: string[]; begun: string };

const PATH = /(?:[A-Za-z_]\w*\.)*(?:[A-Za-z_]\w*)?$/;
const REFERENCES: ReadonlySet<string> = new Set(["reference", "master", "employee", "department"]);
const MOST_HOPS = 3;
const MOST = 60;

/** The word at the caret; none within a text in quotes, a remark or a figure. */
export function wordAt(formula: string, caret: number): Word | undefined {
  const before = formula.slice(0, caret);
  if (isAside(before)) return undefined;
  const path = PATH.exec(before)?.[0] ?? "";
  if (/[\d.]$/.test(before.slice(0, before.length - path.length)) && path !== "") return undefined;
  if (path === "" && /[\d.]$/.test(before)) return undefined;
  const parts = path.split(".");
  const begun = parts.pop() ?? "";
  const rest = /^\w*/.exec(formula.slice(caret))?.[0] ?? "";
  return { from: caret - begun.length, to: caret + rest.length, path: parts, begun };
}

/** Whether what comes next would be read as it is: a text whose quotes are open, a remark that goes to the end of its line. */
function isAside(before: string): boolean {
  let quoted = false;
  let remark = false;
  for (let at = 0; at < before.length; at += 1) {
    const character = before[at];
    if (remark) remark = character !== "\n";
    else if (quoted && character === "\\") at += 1;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === "/" && before[at + 1] === "/") remark = true;
  }
  return quoted || remark;
}

/** The object whose fields follow a chain of references; `undefined` where the chain breaks or is too long. */
export function objectBehind(object: ObjectDef, path: string[], objects: ObjectDef[]): ObjectDef | undefined {
  if (path.length > MOST_HOPS) return undefined;
  let at: ObjectDef | undefined = object;
  for (const key of path) {
    const field: Field | undefined = at?.fields.find((it) => it.key === key);
    const target: string | undefined = field && targetOf(field);
    at = target ? objects.find((it) => it.key === target) : undefined;
  }
  return at;
}

function targetOf(field: Field): string | undefined {
  if (!REFERENCES.has(field.type)) return undefined;
  return field.type === "employee" || field.type === "department" ? field.type : (field.object ?? undefined);
}

type Known = { object: ObjectDef; objects: ObjectDef[]; functions: FormulaFunction[]; /** The field whose formula it is. */ except?: string; language: Language };

/** What fits at a word, the likeliest first: what begins so, by key or label, before what only contains it. */
export function suggestionsAt(word: Word, { object, objects, functions, except, language }: Known): Suggestion[] {
  const from = objectBehind(object, word.path, objects);
  const say = (label: Label) => labelIn(label, language);
  const fields = (from?.fields ?? [])
    .filter((field) => field.type !== "attachment" && (word.path.length > 0 || field.key !== except))
    .map((field): Suggestion => ({ kind: "field", name: field.key, text: say(field.label), leadsOn: targetOf(field) !== undefined && word.path.length < MOST_HOPS }));
  const calls = word.path.length > 0 ? [] : functions.map((it): Suggestion => ({ kind: "function", name: it.name, text: it.signature, help: say(it.help) }));
  const begun = word.begun.toLowerCase();
  const rank = ({ name, text, kind }: Suggestion) => {
    if (name.toLowerCase().startsWith(begun)) return 0;
    if (kind === "field" && text.toLowerCase().startsWith(begun)) return 1;
    return name.toLowerCase().includes(begun) || (kind === "field" && text.toLowerCase().includes(begun)) ? 2 : 3;
  };
  return [...fields, ...calls]
    .map((suggestion) => ({ suggestion, rank: rank(suggestion) }))
    .filter((it) => it.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map((it) => it.suggestion)
    .slice(0, MOST);
}

/** The formula with a suggestion in the place of the word, and where the caret stands then: within the brackets of a function. */
export function completed(formula: string, word: Word, { kind, name }: Suggestion): { formula: string; caret: number } {
  const rest = formula.slice(word.to);
  const brackets = kind === "function" && !rest.startsWith("(") ? "()" : "";
  const caret = word.from + name.length + (kind === "function" ? 1 : 0);
  return { formula: formula.slice(0, word.from) + name + brackets + rest, caret };
}
