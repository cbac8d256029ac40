import { useTranslation } from "react-i18next";
import type { StageConversion } from "~/api/analysis";
import { useLabel } from "~/i18n";
import frame from "../chart.module.css";
import { STAGE_FIGURES, WORDS } from "./cells";
import { StageFigureLink } from "./StageFigureLink";

/** The stage conversion as a table: every figure of every stage. */
export function ConversionTable({ data }: { data: StageConversion }) {
  const { t } = useTranslation("conversion");
  const label = useLabel();
  return (
    <table className={frame.table} aria-label={t("title")}>
      <thead>
        <tr>
          <th scope="col">{t("stage")}</th>
          {STAGE_FIGURES.map((figure) => (
            <th key={figure} scope="col" data-figures>
              {t(WORDS[figure])}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {data.stages.map((stage) => (
          <tr key={stage.stage}>
            <th scope="row">
              {label(stage.label) || stage.stage}
              {stage.former && ` (${t("former")})`}
            </th>
            {STAGE_FIGURES.map((figure) => (
              <td key={figure} data-figures>
                <StageFigureLink figure={figure} stage={stage} of={data} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
