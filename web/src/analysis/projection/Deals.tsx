import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useProjected, type Projected, type ProjectionParams } from "~/api/projection";
import { useObject } from "~/api/queries";
import { FieldShow } from "~/fields/FieldShow";
import { useLabel } from "~/i18n";
import { nameOf } from "~/records/RecordDialog";
import { ErrorState } from "~/ui/ErrorState";
import { Day } from "~/ui/Instant";
import { RowSkeletons } from "~/ui/Skeletons";
import frame from "../chart.module.css";
import { useFigures } from "../figures";
import classes from "./projection.module.css";

const FIELDS = ["stage", "owner", "amount", "expected_close_date"];

/** The open deals: how likely each is won, and when. */
export function Deals({ params }: { params: ProjectionParams }) {
  const { t } = useTranslation("projection");
  const label = useLabel();
  const figures = useFigures();
  const object = useObject("opportunity");
  const deals = useProjected(params);
  const first = deals.data?.pages[0];
  const rows: Projected[] = deals.data?.pages.flatMap((page) => page.items.map((item) => ({ ...item, refs: { ...page.refs, ...item.refs } }))) ?? [];
  const fields = FIELDS.flatMap((key) => object?.fields.find((field) => field.key === key) ?? []);
  return (
    <section className={classes.box} aria-label={t("dealsTitle")}>
      <h2>{t("dealsTitle")}</h2>
      <p className={classes.words}>{t("dealsHint")}</p>
      {deals.isError && !first ? (
        <ErrorState compact error={deals.error} onRetry={() => void deals.refetch()} />
      ) : !first || !object ? (
        <RowSkeletons rows={6} />
      ) : rows.length === 0 ? (
        <p className={classes.words}>{t("noDeals")}</p>
      ) : (
        <>
          <div className={classes.scroller}>
            <table className={frame.table} aria-label={t("dealsTitle")}>
              <thead>
                <tr>
                  <th scope="col">{label(object.label)}</th>
                  {fields.map((field) => (
                    <th key={field.key} scope="col" data-figures={field.key === "amount" || undefined}>
                      {label(field.label)}
                    </th>
                  ))}
                  <th scope="col" data-figures>
                    {t("chance")}
                  </th>
                  <th scope="col" data-figures>
                    {t("inPeriod")}
                  </th>
                  <th scope="col">{t("expectedClose")}</th>
                  <th scope="col" data-figures>
                    {t("brings")}
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.id}>
                    <th scope="row" className={classes.dealName}>
                      <Link to="/o/$object/$id" params={{ object: "opportunity", id: row.id }}>
                        {nameOf(object, row)}
                      </Link>
                    </th>
                    {fields.map((field) => (
                      <td key={field.key} data-figures={field.key === "amount" || undefined} className={classes.dealFact}>
                        <FieldShow field={field} value={row.fields[field.key]} refs={row.refs} dense />
                      </td>
                    ))}
                    <td data-figures>{figures.percent(row.chance)}</td>
                    <td data-figures>{figures.percent(row.in_period)}</td>
                    <td className={classes.dealFact}>
                      <Day value={row.expected_close} />
                    </td>
                    <td data-figures>{figures.amount(row.expected_amount, first.main_currency)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {deals.hasNextPage && (
            <Button variant="subtle" size="compact-sm" mt="sm" loading={deals.isFetchingNextPage} onClick={() => void deals.fetchNextPage()}>
              {t("more", { ns: "ui" })}
            </Button>
          )}
        </>
      )}
    </section>
  );
}
