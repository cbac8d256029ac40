import { Checkbox } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { FieldKind, ShowProps } from "./contract";

function BooleanShow({ value, dense }: ShowProps) {
  const { t } = useTranslation("ui");
  if (dense) return value === true ? <IconCheck size={16} aria-label={t("yes")} /> : null;
  return <>{value === true ? t("yes") : value === false ? t("no") : ""}</>;
}

export const boolean: FieldKind = {
  Show: BooleanShow,
  Edit: (props) => (
    <Checkbox
      pt={props.label ? 24 : 0}
      label={props.label}
      description={props.description}
      error={props.error}
      aria-label={props["aria-label"]}
      checked={props.value === true}
      onChange={(event) => props.onChange(event.currentTarget.checked)}
    />
  ),
};
