import { IconCircleDashed, IconLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Requirement } from "~/api/types";
import classes from "./path.module.css";

/** What has to be done before a stage, each with who can do it. */
export function Requirements({ requirements }: { requirements: Requirement[] }) {
  const { t } = useTranslation("processes");
  return (
    <ul className={classes.requirements}>
      {requirements.map((requirement, index) => (
        <li key={`${requirement.code}-${requirement.path ?? ""}-${index}`} className={classes.requirement} data-code={requirement.code}>
          {requirement.fixable_by === "administrator" ? <IconLock size={15} aria-hidden="true" /> : <IconCircleDashed size={15} aria-hidden="true" />}
          <span>
            {requirement.message} <span className={classes.fixable}>{t(`fixableBy.${requirement.fixable_by}`)}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
