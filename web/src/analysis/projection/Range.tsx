import { useTranslation } from "react-i18next";
import type { Projection } from "~/api/projection";
import { BehindLink } from "../Behind";
import { useFigures } from "../figures";
import { shareOf } from "../pipeline/standing";
import classes from "./projection.module.css";

/** What the period will come to, as a range: what is closed is sure, the rest lies within the band. */
export function Range({ data }: { data: Projection }) {
  const { t } = useTranslation("projection");
  const figures = useFigures();
  const money = (amount: string | null | undefined) => figures.amount(amount, data.main_currency);
  const most = Math.max(1, Number(data.p90 ?? 0), Number(data.closed.amount ?? 0), Number(data.expected ?? 0)) * 1.06;
  const place = (amount: string | null | undefined) => `${shareOf(amount, most) * 100}%`;
  const width = `${(shareOf(data.p90, most) - shareOf(data.p10, most)) * 100}%`;
  return (
    <div className={classes.range} data-doubtful={!data.reliable || undefined}>
      <p className={classes.said}>{data.p10 == null ? t("hidden") : t("said", { low: money(data.p10), high: money(data.p90) })}</p>
      {data.p10 != null && (
        <div className={classes.scale} aria-hidden>
          <span className={classes.closed} style={{ width: place(data.closed.amount) }} />
          <span className={classes.band} style={{ insetInlineStart: place(data.p10), width }} />
          <span className={classes.middle} style={{ insetInlineStart: place(data.p50) }} />
        </div>
      )}
      <dl className={classes.figures}>
        <div>
          <dt>
            <span className={classes.swatch} data-part="closed" aria-hidden />
            {t("closed")}
          </dt>
          <dd>
            <BehindLink address={data.closed.behind?.amount} title={t("closed")}>
              {money(data.closed.amount)}
            </BehindLink>
          </dd>
          <dd className={classes.fine}>
            <BehindLink address={data.closed.behind?.count} title={t("closed")}>
              {t("deals", { count: data.closed.count, shown: figures.count(data.closed.count) })}
            </BehindLink>
          </dd>
        </div>
        {(["p10", "p50", "p90"] as const).map((key) => (
          <div key={key} data-key={key}>
            <dt>
              {key !== "p50" ? <span className={classes.swatch} data-part="band" aria-hidden /> : <span className={classes.swatch} data-part="middle" aria-hidden />}
              {t(key)}
            </dt>
            <dd>{money(data[key])}</dd>
            <dd className={classes.fine}>{t(`${key}Hint`)}</dd>
          </div>
        ))}
        <div>
          <dt>{t("open")}</dt>
          <dd>
            <BehindLink address={data.open.behind?.amount} title={t("open")}>
              {money(data.open.amount)}
            </BehindLink>
          </dd>
          <dd className={classes.fine}>
            <BehindLink address={data.open.behind?.count} title={t("open")}>
              {t("deals", { count: data.open.count, shown: figures.count(data.open.count) })}
            </BehindLink>
          </dd>
        </div>
        <div>
          <dt>{t("expected")}</dt>
          <dd>{money(data.expected)}</dd>
          {data.coming != null && <dd className={classes.fine}>{t("coming", { amount: money(data.coming) })}</dd>}
        </div>
      </dl>
    </div>
  );
}
