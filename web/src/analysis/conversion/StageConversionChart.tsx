import { useTranslation } from "react-i18next";
import { conversionAddress, useStageConversion, type ConversionParams } from "~/api/analysis";
import { useLanguage } from "~/i18n";
import { ChartFrame } from "../ChartFrame";
import { useFigures } from "../figures";
import { ConversionPicture } from "./ConversionPicture";
import { ConversionTable } from "./ConversionTable";
import classes from "./conversion.module.css";
import { Rows } from "./Rows";
import { Summary } from "./Summary";

type Props = { params: ConversionParams; title?: string; bare?: boolean; actions?: React.ReactNode };

/** How many deals came to each stage of a process, what became of them there, and how long it took. */
export function StageConversionChart({ params, title, bare, actions }: Props) {
  const { t } = useTranslation("conversion");
  const language = useLanguage();
  const figures = useFigures();
  const asked = useStageConversion(params);
  const data = asked.data;
  return (
    <ChartFrame
      title={title ?? t("title")}
      hint={data?.process.name}
      actions={actions}
      bare={bare}
      exported={conversionAddress(params)}
      picture={data && ((width) => <ConversionPicture data={data} width={width} figures={figures} language={language} t={t as never} />)}
      table={data && <ConversionTable data={data} />}
      error={asked.data ? undefined : asked.error}
      onRetry={() => void asked.refetch()}
      ready={data !== undefined}
      stale={asked.isPlaceholderData}
    >
      {data && (
        <div className={classes.chart}>
          <Summary data={data} />
          {data.deals === 0 ? <p className={classes.nothing}>{t("nothing")}</p> : <Rows data={data} />}
        </div>
      )}
    </ChartFrame>
  );
}
