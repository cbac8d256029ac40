import ts from "typescript";
import { describe, expect, it } from "vitest";

/** Texts as they stand in a room: words by their keys, in drawers of drawers. */
type Texts = { [key: string]: string | Texts };
const files = import.meta.glob<{ en: Texts; zh: Texts }>("../**/texts.ts", { eager: true });
const sources = import.meta.glob<string>(["../**/*.{ts,tsx}", "!../**/*.test.{ts,tsx}", "!../**/texts.ts", "!../api/schema.d.ts"], { eager: true, query: "?raw", import: "default" });

/** `stages.won.title` and its text, for all there are. */
function flat(texts: Texts, path = ""): [string, string][] {
  return Object.entries(texts).flatMap(([key, value]) => (typeof value === "string" ? [[path + key, value] as [string, string]] : flat(value, `${path}${key}.`)));
}

/** A room by the name of its folder. */
const rooms = new Map(Object.entries(files).map(([path, { en, zh }]) => [path.split("/").at(-2)!, { en: new Map(flat(en)), zh: new Map(flat(zh)) }]));

const PLURAL = /_(zero|one|two|few|many|other)$/;
const bare = (key: string) => key.replace(PLURAL, "");
const placeholders = (text: string) => [...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1]!);

/** What a call of `t` may ask for: whole keys, and such with a part that is known only when it runs. */
type Asked = { file: string; line: number; rooms: string[]; key: string | RegExp; given: Set<string> | undefined };

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The strings that an expression may come to. */
function mayBe(node: ts.Expression): (string | RegExp)[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node)) return mayBe(node.expression);
  if (ts.isConditionalExpression(node)) return [...mayBe(node.whenTrue), ...mayBe(node.whenFalse)];
  if (ts.isBinaryExpression(node) && [ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.BarBarToken].includes(node.operatorToken.kind)) return [...mayBe(node.left), ...mayBe(node.right)];
  if (ts.isTemplateExpression(node)) return [new RegExp(`^${escaped(node.head.text)}${node.templateSpans.map((span) => `.+${escaped(span.literal.text)}`).join("")}$`)];
  return [];
}

const asked: Asked[] = [];
/** Words that stand anywhere: keys in lists and tables are found by them. */
const spoken = new Set<string>();
const shapes: RegExp[] = [];

for (const [file, text] of Object.entries(sources)) {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, file.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  /** Which rooms a translator of this file reads in. */
  const translators = new Map<string, Set<string>>();
  const visit = (node: ts.Node) => {
    if (ts.isStringLiteralLike(node)) spoken.add(node.text);
    if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name)) spoken.add(node.name.text);
    if (ts.isTemplateExpression(node)) shapes.push(...mayBe(node).filter((one) => one instanceof RegExp));
    if (ts.isVariableDeclaration(node) && node.initializer && ts.isCallExpression(node.initializer) && node.initializer.expression.getText() === "useTranslation" && ts.isObjectBindingPattern(node.name)) {
      const [room] = node.initializer.arguments;
      const names = room && ts.isStringLiteralLike(room) ? [room.text] : room && ts.isArrayLiteralExpression(room) ? room.elements.flatMap((one) => (ts.isStringLiteralLike(one) ? [one.text] : [])) : [];
      for (const element of node.name.elements) {
        if ((element.propertyName ?? element.name).getText() !== "t" || names.length === 0) continue;
        const known = translators.get(element.name.getText()) ?? new Set();
        names.forEach((one) => known.add(one));
        translators.set(element.name.getText(), known);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  const calls = (node: ts.Node) => {
    ts.forEachChild(node, calls);
    if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return;
    const home = translators.get(node.expression.text);
    const [key, options] = node.arguments;
    if (!home || !key) return;
    const properties = options && ts.isObjectLiteralExpression(options) ? options.properties : undefined;
    const ns = properties?.find((one) => one.name?.getText() === "ns");
    // A room that is known only when it runs says nothing about its keys.
    if (options && !properties && !ts.isObjectLiteralExpression(options) && !ts.isIdentifier(options)) return;
    if (ns && !(ts.isPropertyAssignment(ns) && ts.isStringLiteralLike(ns.initializer))) return;
    const there = ns && ts.isPropertyAssignment(ns) && ts.isStringLiteralLike(ns.initializer) ? [ns.initializer.text] : [...home];
    const whole = properties && properties.every((one) => one.name !== undefined);
    for (const one of mayBe(key)) {
      const [room, rest] = typeof one === "string" && one.includes(":") ? [one.split(":")[0]!, one.split(":")[1]!] : [undefined, one];
      asked.push({ file, line: tree.getLineAndCharacterOfPosition(node.getStart()).line + 1, rooms: room ? [room] : there, key: rest, given: options ? (whole ? new Set(properties.map((prop) => prop.name!.getText())) : undefined) : new Set() });
    }
  };
  calls(tree);
}

const keysOf = (room: string) => [...(rooms.get(room)?.en.keys() ?? [])];
const answers = ({ rooms: there, key }: Asked) => there.flatMap((room) => keysOf(room).filter((known) => (typeof key === "string" ? known === key || bare(known) === key : key.test(known) || key.test(bare(known)))).map((known) => ({ room, known })));

describe("The texts of the screens", () => {
  it("are there for every key that a screen asks for", () => {
    expect(asked.length).toBeGreaterThan(2_000);
    const missing = asked.filter((one) => answers(one).length === 0).map((one) => `${one.file}:${one.line} ${one.rooms.join("|")} ${one.key}`);
    expect(missing).toEqual([]);
  });

  it("are all used", () => {
    const used = new Set(asked.flatMap((one) => answers(one).map(({ room, known }) => `${room} ${bare(known)}`)));
    const idle = [...rooms].flatMap(([room, { en }]) =>
      [...en.keys()].map(bare).filter((key) => !used.has(`${room} ${key}`) && !spoken.has(key) && !shapes.some((shape) => shape.source.length > 6 && shape.test(key))).map((key) => `${room} ${key}`),
    );
    expect([...new Set(idle)]).toEqual([]);
  });

  it("are given what they tell of", () => {
    const short = asked.flatMap((one) => {
      if (!one.given || typeof one.key !== "string") return [];
      return answers(one).flatMap(({ room, known }) => placeholders(rooms.get(room)!.en.get(known)!).filter((name) => !one.given!.has(name)).map((name) => `${one.file}:${one.line} ${room} ${known} lacks ${name}`));
    });
    expect(short).toEqual([]);
  });

  it("tell the same in both languages", () => {
    const different = [...rooms].flatMap(([room, { en, zh }]) =>
      [...en].flatMap(([key, text]) => {
        const there = zh.get(key) ?? zh.get(bare(key)) ?? zh.get(`${bare(key)}_other`);
        if (there === undefined) return [`${room} ${key} is not in Chinese`];
        const [english, chinese] = [new Set(placeholders(text)), new Set(placeholders(there))];
        // Chinese may say the count, and has no word for one alone where English says it in words.
        const odd = [...chinese].filter((name) => !english.has(name) && name !== "count" && !key.endsWith("_one"));
        const lost = [...english].filter((name) => !chinese.has(name) && !key.endsWith("_one"));
        return odd.length + lost.length > 0 ? [`${room} ${key}: ${[...lost.map((name) => `-${name}`), ...odd.map((name) => `+${name}`)].join(" ")}`] : [];
      }),
    );
    expect(different).toEqual([]);
  });

  it("are Chinese, but for names that are the same in both", () => {
    const same = new Set(["Stagecraft", "Webhook", "Webhook “{{name}}”", "Excel（XLSX）", "STARTTLS", "English", "Letter"]);
    const english = [...rooms].flatMap(([room, { en, zh }]) => [...zh].filter(([, text]) => !same.has(text) && /[A-Za-z]{3,}/.test(text.replace(/\{\{.*?\}\}|<[^>]*>/g, "")) && !/\p{Script=Han}/u.test(text)).map(([key, text]) => `${room} ${key}: ${text} (${en.get(key)})`));
    expect(english).toEqual([]);
  });

  it("say one and many by a count", () => {
    const lonely = [...rooms].flatMap(([room, { en }]) => [...en.keys()].filter((key) => /_one$/.test(key) && !en.has(key.replace(/_one$/, "_other"))).map((key) => `${room} ${key}`));
    // These are only said of several.
    const several = new Set(["accounts onlySome", "holding sharedMine", "jobs tries", "stageTasks grid.tooMany"]);
    const plain = [...rooms].flatMap(([room, { en }]) => [...en].filter(([key, text]) => !PLURAL.test(key) && !several.has(`${room} ${key}`) && /\{\{\s*count\b[^}]*\}\}\s+[a-z]+s\b/.test(text)).map(([key, text]) => `${room} ${key}: ${text}`));
    expect([...lonely, ...plain]).toEqual([]);
  });
});
