// Files that mean harm, through the real server: each is imported rightly or refused with line, column and reason; none stalls, and none
// grows the server by 300 MB.
//
//   node scripts/import-hostile.mjs [--only sqlite|postgres] [--binary PATH]
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { crc32, deflateRawSync } from "./zip.mjs";
import { setUp } from "../e2e/harness/api.mjs";
import { administrator, ended, enter } from "./importing.mjs";
import { megabytes } from "./memory.mjs";
import { engines, prepare } from "./place.mjs";

const { values: options } = parseArgs({ options: { only: { type: "string" }, binary: { type: "string" } } });
if (options.binary) process.env.STAGECRAFT_BINARY = path.resolve(options.binary);

/** Megabytes by which a file may grow the server, and seconds that it may take. */
const MOST = 300;
const PATIENCE = 120_000;

/**
 * @typedef {object} Hostile
 * @property {string} name
 * @property {Buffer} content
 * @property {object} [as] options of the import
 * @property {{code: string, line?: number}} [refused] the file as a whole
 * @property {number} [created]
 * @property {Record<string, any>} [holds] fields of the first record that it made, by name
 * @property {[number, string, string][]} [told] line, column and code of problems
 */

const account = { object: "account" };
const deal = { object: "opportunity" };
const wide = (/** @type {string} */ text) => Buffer.from(text, "utf16le");
const swapped = (/** @type {string} */ text) => Buffer.from(text, "utf16le").swap16();
const latin = (/** @type {string} */ text) => Buffer.from(text, "latin1");

/** @returns {Generator<Hostile>} */
function* files() {
  const umlauts = "name,city\nMüller & Söhne,Köln\n";
  yield { name: "UTF-16 with its mark", content: Buffer.concat([Buffer.from([0xff, 0xfe]), wide(umlauts)]), created: 1, holds: { city: "Köln" } };
  yield { name: "UTF-16, big end first, without a mark", content: swapped(umlauts), created: 1, holds: { city: "Köln" } };
  yield { name: "UTF-8 with a mark", content: Buffer.from(`\ufeff${umlauts}`), created: 1, holds: { city: "Köln" } };
  yield { name: "Windows-1252", content: latin(umlauts), created: 1, holds: { city: "Köln" } };
  const gb = Buffer.concat([Buffer.from("name,city\n"), Buffer.from([0xc9, 0xee, 0xdb, 0xda, 0xcc, 0xda, 0xd1, 0xb6, 0x2c, 0xc9, 0xee, 0xdb, 0xda, 0x0a])]);
  yield { name: "GB18030", content: gb, created: 1, holds: { name: "深圳腾讯", city: "深圳" } };
  const torn = Buffer.concat([Buffer.from("name,city\n深圳腾讯,深圳\n上海,"), Buffer.from([0xe6, 0x9d]), Buffer.from("\n")]);
  yield { name: "UTF-8 torn on line 3", content: torn, refused: { code: "import.not_text", line: 3 } };
  yield { name: "a NUL on line 2", content: Buffer.from("name\nA\0B\n"), refused: { code: "import.not_text", line: 2 } };
  yield {
    name: "line ends of all three sorts",
    content: Buffer.from("name,employees\r\nA,1\nB,2\rC,x\r\n\r\nD,4"),
    created: 4,
    told: [[4, "employees", "field.invalid"]],
  };
  yield {
    name: "quotes, and lines in cells",
    content: Buffer.from('name,city\n"A ""quoted"", Inc.","Two\nlines"\nB,x\nC,y,z\n'),
    created: 2,
    holds: { name: 'A "quoted", Inc.' },
    told: [[5, "", "import.row_shape"]],
  };
  yield { name: "a quote that never ends", content: Buffer.from('name,city\nA,x\nB,"y\nC,z\nD,w\n'), refused: { code: "import.quote_open", line: 3 } };
  const long = "x".repeat(1 << 20);
  yield {
    name: "cells of 1 MB",
    content: Buffer.from(`name,city,description\nA,Berlin,${long}\n${long},Bonn,short\n`),
    told: [
      [2, "description", "field.too_long"],
      [3, "name", "field.too_long"],
      [3, "name", "field.required"],
    ],
  };
  const columns = Array.from({ length: 500 }, (_, n) => `column ${n}`);
  yield { name: "500 columns", content: Buffer.from(`name,${columns.join(",")}\nA,${columns.join(",")}\n`), created: 1 };
  yield { name: "no header", content: Buffer.from("Acme,2017-01-01,Berlin\nBeta,2018-01-01,Kyiv\n"), refused: { code: "import.header_unknown" } };
  yield {
    name: "no header, but the columns are named",
    content: Buffer.from("Acme,12,Berlin\nBeta,13,Kyiv\n"),
    as: { ...account, mapping: { A: "name", B: "employees", C: "city" } },
    created: 2,
    holds: { name: "Acme", employees: "12" },
  };
  yield { name: "a header twice", content: Buffer.from("name,city,name\nA,B,C\n"), refused: { code: "import.header_twice" } };
  yield {
    name: "formulas",
    content: Buffer.from('name,city\n"=HYPERLINK(""http://evil.example"")",+1\n-1+1|x,@SUM(A1)\n'),
    created: 2,
    holds: { city: "+1" },
  };
  yield {
    name: "dates, the day first",
    content: Buffer.from("name,expected close date\nA,3.4.2026\nB,23.11.2026\nC,31.2.2026\n"),
    as: deal,
    created: 3,
    holds: { expected_close_date: "2026-04-03" },
    told: [[4, "expected close date", "field.invalid"]],
  };
  yield {
    name: "dates, the month first",
    content: Buffer.from("name,expected close date\nA,3/4/2026\nB,11/23/2026\n"),
    as: deal,
    created: 2,
    holds: { expected_close_date: "2026-03-04" },
  };
  yield {
    name: "dates of which nobody knows",
    content: Buffer.from("name,expected close date\nA,3/4/2026\n"),
    as: deal,
    created: 1,
    told: [[2, "expected close date", "import.date_ambiguous"]],
  };
  yield {
    name: "numbers of all dresses",
    content: Buffer.from("name;annual revenue\nA;(1.234.567,50)\nB;-1.000\nC;1 234,5\nD;12,5-\nE;1.2.3,4,5\n"),
    created: 5,
    holds: { annual_revenue: { amount: "-1234567.50", currency: "USD" } },
    told: [[6, "annual revenue", "field.invalid"]],
  };
  yield { name: "a picture", content: Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47]), Buffer.alloc(1000, 0xfe)]), refused: { code: "import.not_text", line: 1 } };
  yield { name: "an archive that is none", content: Buffer.from("PK\x03\x04 nothing"), refused: { code: "import.not_a_spreadsheet" } };
  const text = (/** @type {string} */ place, /** @type {string} */ said) => `<c r="${place}" t="inlineStr"><is><t>${said}</t></is></c>`;
  const rows = `<row r="1">${text("A1", "name")}${text("B1", "city")}</row><row r="2">${text("A2", "Acme")}${text("B2", "=1+1")}</row>`;
  yield { name: "a sheet with a cell in its last corner.xlsx", content: workbook(Buffer.from(`${rows}<row r="1048576">${text("A1048576", "Last")}</row>`)), created: 2 };
  yield { name: "a sheet with a cell in its last column.xlsx", content: workbook(Buffer.from(`${rows}<row r="3">${text("XFD3", "far")}</row>`)), refused: { code: "import.too_many" } };
  const bomb = { code: "import.archive_too_large" };
  yield { name: "one cell of 200 MB.xlsx", content: workbook(Buffer.concat([Buffer.from('<row r="1"><c r="A1" t="inlineStr"><is><t>'), Buffer.alloc(200 << 20, "a")])), refused: bomb };
  yield { name: "one cell of ten million runs.xlsx", content: workbook(Buffer.concat([Buffer.from('<row r="1"><c r="A1" t="inlineStr"><is>'), Buffer.alloc(330 << 20, "<r><t>aaaaaaaaaaaaaaaaaaaaa</t></r>")])), refused: bomb };
  yield { name: "cells without end.xlsx", content: workbook(Buffer.concat([Buffer.from('<row r="1">'), Buffer.alloc(330 << 20, "<c><v>1</v></c>")])), refused: bomb };
  yield { name: "shared texts without end.xlsx", content: workbook(Buffer.from(rows), Buffer.alloc(200 << 20, "<si><t>a</t></si>")), refused: bomb };
  yield { name: "an archive that lies about its sizes.xlsx", content: workbook(Buffer.concat([Buffer.from('<row r="1"><c r="A1" t="inlineStr"><is><t>'), Buffer.alloc(200 << 20, "a")]), undefined, 100), refused: { code: "import.not_a_spreadsheet" } };
  yield { name: "60 MB without a line end", content: Buffer.alloc(60 << 20, "x"), refused: { code: "import.row_too_long", line: 1 } };
}

/**
 * An XLSX file of one sheet.
 * @param {Buffer} rows
 * @param {Buffer} [shared]
 * @param {number} [said] what the archive says of the sheet's size
 */
function workbook(rows, shared, said) {
  const open = "http://schemas.openxmlformats.org";
  const relation = (/** @type {string} */ id, /** @type {string} */ type, /** @type {string} */ target) =>
    `<Relationship Id="${id}" Type="${open}/officeDocument/2006/relationships/${type}" Target="${target}"/>`;
  const relations = (/** @type {string} */ inner) => Buffer.from(`<Relationships xmlns="${open}/package/2006/relationships">${inner}</Relationships>`);
  const main = `xmlns="${open}/spreadsheetml/2006/main"`;
  /** @type {[string, Buffer, number?][]} */
  const parts = [
    ["_rels/.rels", relations(relation("r1", "officeDocument", "xl/workbook.xml"))],
    ["xl/_rels/workbook.xml.rels", relations(relation("r1", "worksheet", "worksheets/sheet1.xml") + relation("r2", "sharedStrings", "sharedStrings.xml"))],
    ["xl/workbook.xml", Buffer.from(`<workbook ${main} xmlns:r="${open}/officeDocument/2006/relationships"><sheets><sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>`)],
    ["xl/worksheets/sheet1.xml", Buffer.concat([Buffer.from(`<worksheet ${main}><sheetData>`), rows, Buffer.from("</sheetData></worksheet>")]), said],
  ];
  if (shared) parts.push(["xl/sharedStrings.xml", Buffer.concat([Buffer.from(`<sst ${main}>`), shared, Buffer.from("</sst>")])]);
  /** @type {Buffer[]} */
  const bodies = [];
  /** @type {Buffer[]} */
  const directory = [];
  let at = 0;
  for (const [name, content, lie] of parts) {
    const packed = deflateRawSync(content);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(8, 4);
    head.writeUInt32LE(crc32(content), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(lie ?? content.length, 18);
    head.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), head, Buffer.from(name)]);
    bodies.push(local, packed);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    directory.push(Buffer.from("PK\x01\x02\x14\x00"), head, tail, Buffer.from(name));
    at += local.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(parts.length, 4);
  end.writeUInt16LE(parts.length, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...bodies, list, Buffer.from("PK\x05\x06"), end]);
}

let failed = 0;
for (const engine of engines(options.only)) {
  const place = await prepare(engine);
  const server = await place.start();
  const session = await setUp(server.url, administrator);
  // The same customer comes in many dresses here; what is alike is not the question.
  for (const rule of (await session.read("/duplicate-rules")).items) await session.call("DELETE", `/duplicate-rules/${rule.id}`);
  const door = await enter(server.url);
  let count = 0;
  let worst = 0;
  for (const file of files()) {
    count += 1;
    /** @type {string[]} */
    const faults = [];
    const before = await megabytes(server.pid, "VmRSS");
    await writeFile(`/proc/${server.pid}/clear_refs`, "5");
    const began = Date.now();
    try {
      await one(session, door, file, faults);
    } catch (error) {
      faults.push(String(error));
    }
    const took = Date.now() - began;
    const grown = Math.max(0, (await megabytes(server.pid, "VmHWM")) - before);
    worst = Math.max(worst, grown);
    if (grown >= MOST) faults.push(`the server grew by ${grown.toFixed(0)} MB`);
    if (took >= PATIENCE) faults.push("it took too long");
    failed += faults.length > 0 ? 1 : 0;
    console.log(`${faults.length ? "FAIL" : "ok  "} ${engine} ${file.name}: ${took} ms, +${grown.toFixed(0)} MB${faults.map((fault) => `\n       ${fault}`).join("")}`);
  }
  const alive = await session.read("/organisation");
  console.log(`${engine}: ${count} files, the server grew by ${worst.toFixed(0)} MB at most, and still answers as ${alive.name}`);
  await server.stop();
  await place.end();
}
process.exit(failed ? 1 : 0);

/**
 * @param {import("./importing.mjs").Session} session
 * @param {Awaited<ReturnType<typeof enter>>} door
 * @param {Hostile} file
 * @param {string[]} faults
 */
async function one(session, door, file, faults) {
  const expect = (/** @type {string} */ what, /** @type {any} */ is, /** @type {any} */ should) => {
    if (JSON.stringify(is) !== JSON.stringify(should)) faults.push(`${what}: ${JSON.stringify(is)}, not ${JSON.stringify(should)}`);
  };
  let answer = await door.upload(file.name.includes(".xlsx") ? file.name : `${file.name}.csv`, file.content);
  /** @type {Record<string, any>} */
  const as = { mode: "insert", ...(file.as ?? account) };
  if (answer.status === 201) {
    answer = await session.call("POST", "/imports", { file: answer.body.items[0].id, options: as });
  }
  if (file.refused) {
    const [found] = answer.body.violations ?? [];
    expect("refused", { status: answer.status, code: found?.code, line: found?.params?.line }, { status: 422, code: file.refused.code, line: file.refused.line });
    if (found && !found.message) faults.push("the refusal has no words");
    return;
  }
  if (answer.status >= 400) throw new Error(JSON.stringify(answer.body));
  const shown = await ended(session, answer.body.id, PATIENCE);
  expect("state", shown.state, "done");
  if (file.created !== undefined) expect("created", shown.created, file.created);
  const told = shown.problems.map((/** @type {any} */ it) => [it.line, it.column, it.code]);
  expect("problems", told, file.told ?? []);
  const words = shown.problems.filter((/** @type {any} */ it) => !it.message);
  if (words.length) faults.push("a problem has no words");
  for (const text of [await door.text(`/imports/${shown.id}/failed.csv`), await door.text(`/imports/${shown.id}/problems.csv`)]) {
    if (/(^|,|\n)"?[=@+]/.test(text.replace(/^\ufeff/, ""))) faults.push("a file that was given back has a formula");
  }
  if (file.holds) {
    const rows = (await door.text(`/imports/${shown.id}/result.csv`)).split("\n");
    // file, line, outcome, object, id, note
    const first = rows.map((row) => /,created,[^,]+,([^,]+)/.exec(row)?.[1]?.trim()).find(Boolean);
    const record = await session.read(`/records/${as.object}/${first}`);
    for (const [field, value] of Object.entries(file.holds)) expect(field, record.fields[field], value);
  }
}
