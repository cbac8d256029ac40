import { useTranslation } from "react-i18next";
import type { Outcome, WinLoss, WinLossBy } from "~/api/outcomes";
import { useLabel } from "~/i18n";
import { BehindLink } from "../Behind";
import frame from "../chart.module.css";
import { useFigures } from "../figures";

const FIGURES = ["won", "lost", "win_rate", "won_amount", "lost_amount"] as const;

/** What was won and lost, with what it was worth. */
export function WinLossTable({ data, label: name, by }: { data: WinLoss; label: string; by: WinLossBy }) {
  const { t } = useTranslation("winLoss");
  const label = useLabel();
  return (
    <table className={frame.table} aria-label={name}>
      <thead>
        <tr>
          <th scope="col">{t(`by.${by}`)}</th>
          {FIGURES.map((figure) => (
            <th key={figure} scope="col" data-figures>
              {t(figure)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {data.rows.map((row) => (
          <Line key={row.rest ? "rest" : (row.key ?? "")} name={row.rest ? t("others") : label(row.label) || t("none")} of={row} currency={data.main_currency} />
        ))}
      </tbody>
      <tfoot>
        <Line name={t("total")} of={data.total} currency={data.main_currency} />
      </tfoot>
    </table>
  );
}

function Line({ name, of, currency }: { name: string; of: Outcome; currency: string }) {
  const { t } = useTranslation("winLoss");
  const figures = useFigures();
  const text = { won: figures.count(of.won), lost: figures.count(of.lost), win_rate: figures.percent(of.win_rate), won_amount: figures.amount(of.won_amount, currency), lost_amount: figures.amount(of.lost_amount, currency) };
  return (
    <tr>
      <th scope="row">{name}</th>
      {FIGURES.map((figure) => (
        <td key={figure} data-figures data-figure={figure}>
          <BehindLink address={of.behind?.[figure]} title={`${name}: ${t(figure)}`}>
            {text[figure]}
          </BehindLink>
        </td>
      ))}
    </tr>
  );
}
