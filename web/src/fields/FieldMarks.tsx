import { Tooltip } from "@mantine/core";
import { IconMathFunction, IconRefresh } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Field } from "~/api/types";
import { isReckoned } from "./draft";
import classes from "./FieldMarks.module.css";

/** What is particular about a field's values: reckoned by the product, or on their way to be. */
export function FieldMarks({ field }: { field: Field }) {
  const { t } = useTranslation("fields");
  return (
    <>
      {isReckoned(field) && (
        <Tooltip label={t("reckoned")}>
          <span className={classes.mark} role="img" aria-label={t("reckoned")}>
            <IconMathFunction size={13} stroke={1.7} />
          </span>
        </Tooltip>
      )}
      {field.settling && <Settling />}
    </>
  );
}

/** Work on the field is under way; until it is done, some of its values are old. */
export function Settling() {
  const { t } = useTranslation("fields");
  return (
    <Tooltip label={t("settling")}>
      <span className={classes.settling} role="img" aria-label={t("settling")}>
        <IconRefresh size={13} stroke={1.8} />
      </span>
    </Tooltip>
  );
}
