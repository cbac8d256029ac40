import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ConversionStage, StageConversion } from "~/api/analysis";
import { useLabel } from "~/i18n";
import { BehindLink } from "../Behind";
import { useFigures } from "../figures";
import { textOf, WORDS, type StageFigure } from "./cells";

type Props = { figure: StageFigure; stage: ConversionStage; of: StageConversion; className?: string; style?: React.CSSProperties; children?: ReactNode };

/** A figure of a stage, which opens the deals behind it. */
export function StageFigureLink({ figure, stage, of, className, style, children }: Props) {
  const { t } = useTranslation("conversion");
  const { t: words } = useTranslation("analysis");
  const label = useLabel();
  const figures = useFigures();
  const title = t("of", { figure: t(WORDS[figure]), stage: label(stage.label) || stage.stage });
  const text = textOf(figure, stage, of, figures);
  return (
    <BehindLink address={stage.behind?.[figure]} title={title} label={words("behind.opens", { title, figure: text })} className={className} style={style}>
      {children ?? text}
    </BehindLink>
  );
}
