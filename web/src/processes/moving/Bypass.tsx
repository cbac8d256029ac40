import { Switch, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Requirement } from "~/api/types";
import classes from "../path.module.css";

type Props = { bypassing: boolean; /** What would be passed by. */ passed: Requirement[]; onChange: (bypassing: boolean) => void };

/** For those with the right: past what stands in the way, knowingly and with a reason. */
export function Bypass({ bypassing, passed, onChange }: Props) {
  const { t } = useTranslation("path");
  return (
    <div>
      <Switch label={t("bypass.offer")} checked={bypassing} onChange={(event) => onChange(event.currentTarget.checked)} />
      {bypassing && (
        <div className={classes.warning} role="alert">
          <IconAlertTriangle size={18} aria-hidden="true" />
          <div>
            <strong>{t("bypass.warning")}</strong>
            <ul>
              {passed.map((requirement, index) => (
                <li key={index}>{requirement.message}</li>
              ))}
            </ul>
            <Text size="sm">{t("bypass.hint")}</Text>
          </div>
        </div>
      )}
    </div>
  );
}
