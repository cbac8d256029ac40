import { ActionIcon } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CATEGORIES, useForecast, type Forecast, type ForecastParams, type ForecastRow } from "~/api/forecast";
import { messageOf } from "~/api/problem";
import classes from "./forecast.module.css";
import { Line, type OnSay } from "./Line";
import { useRowName } from "./useRowName";

type Props = { data: Forecast; params: ForecastParams; onSay: OnSay };

/** Everybody right below with all his line; each opens in his turn. */
export function Lines({ data, params, onSay }: Props) {
  const { t } = useTranslation("forecast");
  const name = useRowName(data.of);
  return (
    <div className={classes.scroller}>
      <table className={classes.table} aria-label={t("lines")}>
        <thead>
          <tr>
            <th scope="col">{t(data.of.kind === "department" ? "departmentOrPerson" : "person")}</th>
            {CATEGORIES.map((category) => (
              <th key={category} scope="col" data-figures title={t(`hints.${category}`)}>
                {t(`categories.${category}`)}
              </th>
            ))}
            <th scope="col" data-figures title={t("saidHint")}>
              {t("saidCommit")}
            </th>
            <th scope="col" data-figures title={t("saidHint")}>
              {t("saidBest")}
            </th>
            <th scope="col" data-figures>
              {t("target")}
            </th>
            <th scope="col">{t("attainment")}</th>
            <td aria-hidden />
          </tr>
        </thead>
        <tbody>
          <Level data={data} params={params} depth={0} onSay={onSay} />
        </tbody>
        <tfoot>
          <Line row={data.total} name={name(data.total)} data={data} depth={0} onSay={onSay} />
        </tfoot>
      </table>
    </div>
  );
}

function Level({ data, params, depth, onSay }: Props & { depth: number }) {
  const name = useRowName(data.of);
  return data.rows.map((row) =>
    row.has_line && row.id && (row.kind === "person" || row.kind === "department") ? (
      <Opening key={`${row.kind} ${row.id}`} row={row} name={name(row)} data={data} params={params} depth={depth} onSay={onSay} />
    ) : (
      <Line key={`${row.kind} ${row.id ?? ""}`} row={row} name={name(row)} data={data} depth={depth} onSay={onSay} />
    ),
  );
}

/** A line that opens those below it. */
function Opening({ row, name, data, params, depth, onSay }: Props & { row: ForecastRow; name: string; depth: number }) {
  const { t } = useTranslation("forecast");
  const [opened, setOpened] = useState(false);
  const whose = row.kind === "department" ? { department: row.id!, person: undefined } : { person: row.id!, department: undefined };
  const answer = useForecast({ ...params, ...whose }, opened);
  // While it is read, the answer to another question may still stand in for it.
  const below = answer.data?.of.id === row.id ? answer.data : undefined;
  return (
    <>
      <Line row={row} name={name} data={data} depth={depth} onSay={onSay}>
        <ActionIcon size={22} variant="subtle" color="gray" aria-expanded={opened} aria-label={t("below", { name })} onClick={() => setOpened(!opened)}>
          {opened ? <IconChevronDown size={15} /> : <IconChevronRight size={15} />}
        </ActionIcon>
      </Line>
      {opened && below && <Level data={below} params={params} depth={depth + 1} onSay={onSay} />}
      {opened && !below && (
        <tr>
          <td colSpan={10} className={classes.waiting} role="status">
            {answer.isError ? messageOf(answer.error) : t("loading", { ns: "ui" })} <span className="visually-hidden">{name}</span>
          </td>
        </tr>
      )}
    </>
  );
}
