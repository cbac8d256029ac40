import { useTranslation } from "react-i18next";
import { BehindLink } from "../Behind";
import frame from "../chart.module.css";
import { nameOf, type ChartData, type Group, type Point } from "./data";

/** The figures of a chart as a table; each opens what is behind it. */
export function ChartTable({ data, label }: { data: ChartData; label: string }) {
  const { t } = useTranslation("charts");
  const series = data.series ?? [];
  return (
    <table className={frame.table} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{data.heads.group}</th>
          {series.map((one) => (
            <th key={one.key} scope="col" data-figures>
              {one.label}
            </th>
          ))}
          {(series.length === 0 || data.groups.some((group) => group.text)) && (
            <th scope="col" data-figures>
              {series.length === 0 ? data.heads.measure : t("total")}
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {data.groups.map((group) => (
          <tr key={group.key}>
            <th scope="row">{group.label}</th>
            {series.map((one) => {
              const point = group.series?.find((it) => it.key === one.key);
              return (
                <td key={one.key} data-figures>
                  {point && <Cell group={group} point={point} />}
                </td>
              );
            })}
            {(series.length === 0 || group.text) && (
              <td data-figures>
                <Cell group={group} point={group} />
              </td>
            )}
          </tr>
        ))}
      </tbody>
      {data.total && (
        <tfoot>
          <tr>
            <th scope="row" colSpan={1 + series.length}>
              {t("total")}
            </th>
            <td data-figures>
              <BehindLink address={data.total.address} title={t("total")}>
                {data.total.text}
              </BehindLink>
            </td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}

function Cell({ group, point }: { group: Group; point: Point }) {
  return (
    <BehindLink address={point.address} title={nameOf(group, point)}>
      {point.text}
    </BehindLink>
  );
}
