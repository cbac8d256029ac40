import { Table } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { FileColumn, ImportFile } from "~/api/imports";
import { useLanguage } from "~/i18n";
import { formatDay, formatDecimal } from "~/ui/format";
import classes from "./imports.module.css";
import { Scroll } from "./Note";

/** The first rows as they will be read: numbers and days in the reader's own style, with what stands in the file behind them. */
export function FirstRows({ file }: { file: ImportFile }) {
  const { t } = useTranslation("imports");
  return (
    <div className={classes.firstFrame}>
      <Scroll label={t("firstRows", { name: file.name })} high={300}>
      <Table stickyHeader fz="sm" verticalSpacing={5} className={classes.firstRows}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th ta="right" w={60}>{t("line")}</Table.Th>
            {file.columns.map((column) => (
              <Table.Th key={column.position} data-right={isNumber(column) || undefined}>
                {column.name}
                <span className={classes.looks}>{t(`looks.${column.looks}`)}</span>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {file.first.map((row) => (
            <Table.Tr key={row.line}>
              <Table.Td ta="right" c="dimmed" className="figures">
                {row.line}
              </Table.Td>
              {file.columns.map((column, index) => (
                <Cell key={column.position} column={column} text={row.cells[index] ?? ""} read={row.read[index] ?? null} />
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      </Scroll>
    </div>
  );
}

const isNumber = (column: FileColumn) => column.looks === "number";
const isDay = (column: FileColumn) => column.looks === "date" || column.looks === "datetime";

function Cell({ column, text, read }: { column: FileColumn; text: string; read: string | null }) {
  const { t } = useTranslation("imports");
  const language = useLanguage();
  const plain = !isNumber(column) && !isDay(column);
  if (plain || text.trim() === "") return <Table.Td className={classes.cell}>{text}</Table.Td>;
  if (read === null) {
    return (
      <Table.Td className={classes.cell} data-unread title={t("unread")}>
        {text}
      </Table.Td>
    );
  }
  const shown = isNumber(column) ? formatDecimal(read, language) : formatDay(read.slice(0, 10), language) + read.slice(10).replace("T", " ").replace(/:00(\.0+)?Z?$/, "");
  return (
    <Table.Td className={`${classes.cell} figures`} data-right={isNumber(column) || undefined} title={t("inFile", { text })}>
      {shown}
    </Table.Td>
  );
}
