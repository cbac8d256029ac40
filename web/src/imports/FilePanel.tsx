import { Badge, Group, Select, Switch, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { DateOrder, DecimalMark, FileCorrection, ImportFile } from "~/api/imports";
import { formatSize } from "~/fields/fileSize";
import { useLanguage } from "~/i18n";
import { ErrorState } from "~/ui/ErrorState";
import { formatDecimal } from "~/ui/format";
import { DateQuestion } from "./DateQuestion";
import { FirstRows } from "./FirstRows";
import { Mark } from "./Note";
import classes from "./imports.module.css";
import { useCorrectFile } from "./useImports";

const ENCODINGS = ["utf-8", "utf-16le", "utf-16be", "windows-1252", "iso-8859-15", "windows-1250", "windows-1251", "gb18030", "big5", "shift_jis", "euc-kr"];
const DELIMITERS = [",", ";", "\t", "|"];
const ORDERS: DateOrder[] = ["ymd", "dmy", "mdy"];

/** A word of the file's line: how much is in it. */
export function FileFacts({ file }: { file: ImportFile }) {
  const { t } = useTranslation("imports");
  const language = useLanguage();
  const facts = [t("rowCount", { count: file.rows, shown: formatDecimal(file.rows, language) }), t("columnCount", { count: file.columns.length }), formatSize(file.size, language)];
  return (
    <Text span size="sm" c="dimmed">
      {facts.join(" · ")}
    </Text>
  );
}

/** Columns whose dates could be read both ways. */
export const openDates = (file: ImportFile) => file.columns.filter((column) => column.dates?.certain === false);

type Props = { file: ImportFile; onCorrected: (before: ImportFile, after: ImportFile) => void };

/** How a file has been read, each part of it correctable where it stands; the first rows follow at once. */
export function FilePanel({ file, onCorrected }: Props) {
  const { t } = useTranslation("imports");
  const correct = useCorrectFile(file.id);
  const { found } = file;
  const change = (by: FileCorrection) => {
    // Another sheet, or another sign between cells, has other columns: what was said of the old ones is forgotten.
    const { columns, ...said } = "sheet" in by || "delimiter" in by || "header" in by ? { ...file.said, columns: {} } : file.said;
    correct.mutate({ ...said, ...by, columns: { ...columns, ...by.columns } }, { onSuccess: (after) => onCorrected(file, after) });
  };
  const named = (known: string[], now: string | null) => (now && !known.some((it) => it.toLowerCase() === now.toLowerCase()) ? [...known, now] : known);
  const encoding = ENCODINGS.find((it) => it === found.encoding?.toLowerCase()) ?? found.encoding;
  const numbers = file.columns.some((column) => column.numbers || column.looks === "number");
  const dates = file.columns.some((column) => column.dates || column.looks === "date" || column.looks === "datetime");
  return (
    <div className={classes.file} aria-busy={correct.isPending}>
      <Group gap="sm" align="flex-end" className={classes.readings}>
        {file.sheets.length > 1 && <Select label={t("sheet")} allowDeselect={false} data={file.sheets} value={found.sheet} onChange={(sheet) => sheet && change({ sheet })} />}
        {file.kind === "csv" && (
          <>
            <Select label={t("encoding")} allowDeselect={false} searchable data={named(ENCODINGS, found.encoding)} value={encoding} onChange={(value) => value && change({ encoding: value })} />
            <Select
              label={t("delimiter")}
              allowDeselect={false}
              data={named(DELIMITERS, found.delimiter).map((value) => ({ value, label: t(`delimiters.${value === "\t" ? "tab" : value === "," ? "comma" : value === ";" ? "semicolon" : value === "|" ? "bar" : "other"}`, { sign: value }) }))}
              value={found.delimiter}
              onChange={(delimiter) => delimiter && change({ delimiter })}
            />
          </>
        )}
        {numbers && (
          <Select
            label={t("numberStyle")}
            allowDeselect={false}
            data={([".", ","] as const).map((value) => ({ value, label: value === "." ? "1,234.50" : "1.234,50" }))}
            value={found.decimal ?? "."}
            onChange={(decimal) => decimal && change({ decimal: decimal as DecimalMark })}
          />
        )}
        {dates && (
          <Select label={t("dateStyle")} placeholder={t("dateOpen")} allowDeselect={false} data={ORDERS.map((value) => ({ value, label: t(`orders.${value}`) }))} value={found.date_order ?? null} onChange={(order) => order && change({ date_order: order as DateOrder })} />
        )}
        <Switch label={t("header")} checked={found.header} onChange={(event) => change({ header: event.currentTarget.checked })} mb={8} />
      </Group>
      {correct.isError && <ErrorState compact error={correct.error} />}
      {file.warnings.map((warning) => (
        <Text key={warning.code} size="sm" c="var(--warn)" role="note">
          {warning.message}
        </Text>
      ))}
      {openDates(file).map((column) => (
        <DateQuestion key={column.name} column={column} busy={correct.isPending} onAnswer={(dates) => change({ columns: { [column.name]: { dates } } })} />
      ))}
      <FirstRows file={file} />
    </div>
  );
}

/** What of a file wants an answer, in its folded line. */
export function FileMarks({ file }: { file: ImportFile }) {
  const { t } = useTranslation("imports");
  const open = openDates(file).length;
  const match = file.matches[0];
  return (
    <>
      {match && <Badge>{match.plan ? t("knownPlan", { name: match.name }) : t("knownTemplate", { name: match.name })}</Badge>}
      {open > 0 && <Mark>{t("dateQuestions", { count: open })}</Mark>}
    </>
  );
}
