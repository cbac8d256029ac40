import { ActionIcon } from "@mantine/core";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { CATEGORIES, type Covers, type Forecast, type ForecastRow } from "~/api/forecast";
import { BehindLink } from "../Behind";
import { useFigures } from "../figures";
import { AttainmentBar } from "./AttainmentBar";
import classes from "./forecast.module.css";
import { SaidFigure } from "./SaidFigure";
import { useMeasured } from "./useMeasured";

/** Whose month is spoken of, and whether for himself or from above. */
export type Saying = { act: "submit" | "adjust"; person: string; name: string; period: string; hasLine: boolean; covers: Covers };
export type OnSay = (saying: Saying) => void;

type Props = { row: ForecastRow; name: string; data: Forecast; depth: number; onSay: OnSay; /** What opens those below. */ children?: ReactNode };

/** One person with all his line, or a department: what the deals come to, what was said of them, and how far it is to the target. */
export function Line({ row, name, data, depth, onSay, children }: Props) {
  const { t } = useTranslation("forecast");
  const words = useTranslation("analysis").t;
  const figures = useFigures();
  const measured = useMeasured(data.metric, data.main_currency);
  const cell = row.cells[0]!;
  const total = row.kind === "total";
  const person = row.id;
  return (
    <tr data-depth={depth} data-kind={row.kind} data-id={row.id ?? undefined}>
      <th scope="row" style={{ paddingInlineStart: depth * 20 + (children || total ? 0 : 26) }}>
        {children}
        {name}
      </th>
      {CATEGORIES.map((category) => {
        const of = cell[category];
        const title = `${name}: ${t(`categories.${category}`)}`;
        const [figure, address] = of.amount == null ? [figures.count(of.count), of.behind?.count] : [figures.amount(of.amount, data.main_currency), of.behind?.amount];
        return (
          <td key={category} data-figures data-category={category} data-label={t(`categories.${category}`)} title={t("deals", { count: of.count, shown: figures.count(of.count) })}>
            <BehindLink address={address} title={title} label={words("behind.opens", { title, figure })}>
              {figure}
            </BehindLink>
          </td>
        );
      })}
      {(["commit", "best_case"] as const).map((what) => (
        <td key={what} data-figures data-figure={`said_${what}`} data-label={t(what === "commit" ? "saidCommit" : "saidBest")} title={cell.submitted.of > 1 ? t("peopleSaid", { count: cell.submitted.of, said: cell.submitted.people }) : undefined}>
          <SaidFigure cell={cell} what={what} currency={data.main_currency} />
        </td>
      ))}
      <td data-figures data-figure="target" data-label={t("target")} title={cell.people_target != null ? t("peopleTarget", { people: measured(cell.people_target), difference: measured(cell.difference) }) : undefined}>
        {measured(cell.target)}
      </td>
      <td className={classes.attainmentCell} data-label={t("attainment")}>
        {cell.target != null && (
          <span className={classes.attainment}>
            <AttainmentBar cell={cell} metric={data.metric} small />
            <span data-figure="attainment" title={cell.gap != null && Number(cell.gap) > 0 ? t("gap", { gap: measured(cell.gap) }) : undefined}>
              {figures.percent(cell.attainment)}
            </span>
          </span>
        )}
      </td>
      <td className={classes.acts}>
        {person && row.kind === "person" && row.can.adjust && (
          <ActionIcon size={24} variant="subtle" title={t("acts.adjust")} aria-label={`${t("acts.adjust")}: ${name}`} onClick={() => onSay({ act: "adjust", person, name, period: cell.period, hasLine: row.has_line, covers: row.has_line ? "line" : "own" })}>
            <IconAdjustmentsHorizontal size={16} stroke={1.7} />
          </ActionIcon>
        )}
      </td>
    </tr>
  );
}
