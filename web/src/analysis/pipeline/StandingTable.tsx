import { useTranslation } from "react-i18next";
import type { PipelineBy, Standing, StandingRow } from "~/api/pipeline";
import { useLabel } from "~/i18n";
import { BehindLink } from "../Behind";
import { NONE, useFigures } from "../figures";
import classes from "./pipeline.module.css";
import { FIGURES, shareOf, type StandingFigure } from "./standing";
import { useStandingText } from "./useStandingText";

type Props = {
  label: string;
  by: PipelineBy;
  rows: StandingRow[];
  total: Standing;
  won?: Standing | null;
  currency: string;
  /** What the bars are as long as. */
  measure: StandingFigure;
  /** How it stood then or stands now: said with what opens. */
  when?: string;
};

/** Deals divided, a line for each part with a bar as long as what is measured; every figure opens the deals behind it. */
export function StandingTable({ label, by, rows, total, won, currency, measure, when }: Props) {
  const { t } = useTranslation("pipeline");
  const most = Math.max(1, ...rows.map((row) => Number(row[measure] ?? 0)));
  return (
    <table className={classes.table} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t(`by.${by}`)}</th>
          <td className={classes.barHead} aria-hidden />
          {FIGURES.map((figure) => (
            <th key={figure} scope="col" data-figures data-chosen={figure === measure || undefined}>
              {t(`figures.${figure}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Line key={row.key ?? ""} row={row} currency={currency} measure={measure} most={most} when={when} />
        ))}
      </tbody>
      <tfoot>
        <Line row={{ ...total, key: "total", label: t("total") }} currency={currency} measure={measure} when={when} />
        {won && <Line row={{ ...won, key: "won", label: t("won") }} currency={currency} measure={measure} when={when} />}
      </tfoot>
    </table>
  );
}

function Line({ row, currency, measure, most, when }: { row: StandingRow; currency: string; measure: StandingFigure; most?: number; when?: string }) {
  const { t } = useTranslation("pipeline");
  const words = useTranslation("analysis").t;
  const label = useLabel();
  const figures = useFigures();
  const text = useStandingText(currency);
  const name = label(row.label) || t("none");
  return (
    <tr data-row={row.key ?? ""}>
      <th scope="row">{name}</th>
      <td className={classes.barCell} aria-hidden>
        {most !== undefined && (
          <span className={classes.bar} style={{ width: `${shareOf(row[measure], most) * 100}%` }}>
            {measure === "amount" && <span className={classes.inner} style={{ width: `${shareOf(row.weighted, Number(row.amount) || 1) * 100}%` }} />}
          </span>
        )}
      </td>
      {FIGURES.map((figure) => {
        const value = text(figure, row);
        // What is not there leads nowhere.
        const address = value === NONE ? undefined : (row.behind?.[figure] ?? (figure === "average_age_seconds" ? row.behind?.count : undefined));
        const title = [t("of", { figure: t(`figures.${figure}`), name }), when].filter(Boolean).join(", ");
        return (
          <td key={figure} data-figures data-figure={figure} data-label={t(`figures.${figure}`)} title={figure === "average_age_seconds" && row.average_age_seconds != null ? figures.duration(row.average_age_seconds) : undefined}>
            <BehindLink address={address} title={title} label={words("behind.opens", { title, figure: value })}>
              {value}
            </BehindLink>
          </td>
        );
      })}
    </tr>
  );
}
