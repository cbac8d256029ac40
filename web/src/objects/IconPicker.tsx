import { Input, Tooltip } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { ICONS } from "~/shell/icons";
import classes from "./objects.module.css";

/** The short list of icons, as one group of choices: arrow keys go through it. */
export function IconPicker({ value, onChange }: { value: string; onChange: (icon: string) => void }) {
  const { t } = useTranslation("objects");
  const name = useId();
  return (
    <Input.Wrapper label={t("icon")} labelElement="div">
      <div className={classes.icons} role="radiogroup" aria-label={t("icon")}>
        {Object.entries(ICONS).map(([key, Icon]) => {
          const words = t(`icons.${key}` as "icons.cube");
          return (
            <Tooltip key={key} label={words}>
              <label className={classes.icon}>
                <input type="radio" name={name} aria-label={words} checked={key === value} onChange={() => onChange(key)} />
                <Icon size={20} stroke={1.6} />
              </label>
            </Tooltip>
          );
        })}
      </div>
    </Input.Wrapper>
  );
}
