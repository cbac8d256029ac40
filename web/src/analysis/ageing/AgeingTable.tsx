import { useTranslation } from "react-i18next";
import type { Ageing } from "~/api/outcomes";
import { useLabel } from "~/i18n";
import { BehindLink } from "../Behind";
import frame from "../chart.module.css";
import { useFigures } from "../figures";
import classes from "./ageing.module.css";
import { useBandName } from "./useBandName";

/** Deals of each stage by how long they have stood there, and how many of them are overdue. */
export function AgeingTable({ data, label: name }: { data: Ageing; label: string }) {
  const { t } = useTranslation("ageing");
  const label = useLabel();
  const bandName = useBandName();
  return (
    <div className={classes.scroller}>
      <table className={frame.table} aria-label={name}>
        <thead>
          <tr>
            <th scope="col">{t("stage")}</th>
            {data.bands.map((band) => (
              <th key={band.key} scope="col" data-figures>
                {bandName(band)}
              </th>
            ))}
            <th scope="col" data-figures>
              {t("all")}
            </th>
            <th scope="col" data-figures title={t("overdueHint")}>
              {t("overdue")}
            </th>
          </tr>
        </thead>
        <tbody>
          {data.stages.map((stage) => (
            <Line key={stage.key ?? ""} name={label(stage.label) || (stage.key ?? "–")} of={stage} data={data} />
          ))}
        </tbody>
        <tfoot>
          <Line name={t("total")} of={data.total} data={data} />
        </tfoot>
      </table>
    </div>
  );
}

function Line({ name, of, data }: { name: string; of: Ageing["total"]; data: Ageing }) {
  const { t } = useTranslation("ageing");
  const figures = useFigures();
  const bandName = useBandName();
  const cell = (title: string, count: number | null, amount: string | null | undefined, addresses: [string | null | undefined, string | null | undefined]) => (
    <>
      <BehindLink address={addresses[0]} title={`${name}: ${title}`}>
        {figures.count(count)}
      </BehindLink>
      {amount != null && (
        <span className={classes.amount}>
          <BehindLink address={addresses[1]} title={`${name}: ${title}`}>
            {figures.amount(amount, data.main_currency)}
          </BehindLink>
        </span>
      )}
    </>
  );
  return (
    <tr>
      <th scope="row">{name}</th>
      {data.bands.map((band) => {
        const one = of.bands.find((it) => it.key === band.key);
        return (
          <td key={band.key} data-figures data-band={band.key}>
            {one && cell(bandName(band), one.count, one.amount, [one.behind?.count, one.behind?.amount])}
          </td>
        );
      })}
      <td data-figures>{cell(t("all"), of.count, of.amount, [of.behind?.count, of.behind?.amount])}</td>
      <td data-figures data-figure="overdue" className={(of.overdue ?? 0) > 0 ? classes.overdue : undefined}>
        {cell(t("overdue"), of.overdue, of.overdue_amount, [of.behind?.overdue, of.behind?.overdue_amount])}
      </td>
    </tr>
  );
}
