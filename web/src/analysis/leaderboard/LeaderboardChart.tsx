import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { leaderboardAddress, useLeaderboard, type LeaderboardParams } from "~/api/outcomes";
import { useMe } from "~/api/queries";
import { useLabel } from "~/i18n";
import { Avatar } from "~/ui/Avatar";
import { BehindLink } from "../Behind";
import { ChartFrame } from "../ChartFrame";
import { useFigures } from "../figures";
import { shareOf } from "../pipeline/standing";
import { StandingPicture } from "../pipeline/StandingPicture";
import classes from "./leaderboard.module.css";

type Props = { params: LeaderboardParams; title?: string; bare?: boolean; actions?: ReactNode };

const AMOUNTS = ["won_amount", "ordered_amount"];

/** Who has reached how much, the most first. */
export function LeaderboardChart({ params, title, bare, actions }: Props) {
  const { t } = useTranslation("leaderboard");
  const label = useLabel();
  const figures = useFigures();
  const me = useMe();
  const answer = useLeaderboard(params);
  const data = answer.data;
  const amounts = AMOUNTS.includes(params.metric);
  const text = (value: string | number | null | undefined) => (amounts ? figures.amount(value == null ? null : String(value), data?.main_currency ?? "USD") : figures.count(value));
  const rows = data?.rows ?? [];
  const most = Math.max(1, ...rows.map((row) => Number(row.value ?? 0)));
  const measure = t(`metrics.${params.metric}`);
  const name = title ?? t("title", { metric: measure });
  const nameOf = (row: (typeof rows)[number]) => (row.rest ? t("others") : label(row.label) || t("nobody"));
  return (
    <ChartFrame
      title={name}
      actions={actions}
      bare={bare}
      exported={leaderboardAddress(params)}
      picture={rows.length > 0 ? (width) => <StandingPicture rows={rows.map((row) => ({ name: nameOf(row), value: row.value, text: text(row.value), below: "" }))} width={width} measure="weighted" /> : undefined}
      error={data ? undefined : answer.error}
      onRetry={() => void answer.refetch()}
      ready={data !== undefined}
      stale={answer.isPlaceholderData}
    >
      {data && rows.length === 0 && <p className={classes.nothing}>{t("nothing")}</p>}
      {data && rows.length > 0 && (
        <table className={classes.table} aria-label={name}>
          <thead>
            <tr>
              <th scope="col">{t("place")}</th>
              <th scope="col">{t("person")}</th>
              <td aria-hidden />
              <th scope="col" data-figures>
                {measure}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              <tr key={row.rest ? "rest" : (row.key ?? "")} data-me={row.key === me.person.id || undefined}>
                <td className={classes.place}>{at + 1}</td>
                <th scope="row">
                  <span className={classes.person}>
                    <Avatar name={nameOf(row)} />
                    {nameOf(row)}
                  </span>
                </th>
                <td className={classes.barCell} aria-hidden>
                  <span className={classes.bar} style={{ width: `${shareOf(row.value, most) * 100}%` }} />
                </td>
                <td data-figures>
                  <BehindLink address={row.behind?.value} title={`${nameOf(row)}: ${measure}`}>
                    {text(row.value)}
                  </BehindLink>
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td />
              <th scope="row">{t("total")}</th>
              <td aria-hidden />
              <td data-figures>
                <BehindLink address={data.total.behind?.value} title={`${t("total")}: ${measure}`}>
                  {text(data.total.value)}
                </BehindLink>
              </td>
            </tr>
          </tfoot>
        </table>
      )}
    </ChartFrame>
  );
}
