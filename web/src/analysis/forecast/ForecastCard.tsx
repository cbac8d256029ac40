import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { forecastAddress, useForecast, type ForecastParams } from "~/api/forecast";
import { useLanguage } from "~/i18n";
import { formatDay } from "~/ui/format";
import { ChartFrame } from "../ChartFrame";
import { usePeriodName } from "../periods/usePeriods";
import { ForecastPicture } from "./ForecastPicture";
import { Summary } from "./Summary";
import { useRowName } from "./useRowName";

type Props = { params: ForecastParams; title?: string; bare?: boolean; actions?: ReactNode; children?: ReactNode };

/** What is expected of a period, with how far it is to the target. */
export function ForecastCard({ params, title, bare, actions, children }: Props) {
  const { t } = useTranslation("forecast");
  const language = useLanguage();
  const period = usePeriodName();
  const answer = useForecast(params);
  const data = answer.data;
  const name = useRowName(data?.of ?? { kind: "person" });
  const first = data?.periods[0];
  return (
    <ChartFrame
      title={title ?? (data && first ? t("title", { period: period(first.period, true), name: name({ ...data.total, kind: "person", name: name(data.total) }) }) : t("name"))}
      hint={first && t("days", { from: formatDay(first.from, language), to: formatDay(first.to, language) })}
      actions={actions}
      bare={bare}
      exported={forecastAddress(params)}
      picture={data && ((width) => <ForecastPicture data={data} width={width} nameOf={name} />)}
      error={data ? undefined : answer.error}
      onRetry={() => void answer.refetch()}
      ready={data !== undefined}
      stale={answer.isPlaceholderData}
    >
      {data && (
        <>
          <Summary data={data} />
          {children}
        </>
      )}
    </ChartFrame>
  );
}
