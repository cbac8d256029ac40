import { ScrollArea } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ObjectDef } from "~/api/types";
import classes from "./bulk.module.css";
import type { RefusalGroup } from "./refusalGroups";

const NAMED = 12;

/** What stands in the way, with the records of each, which open beside. */
export function Refusals({ object, groups }: { object: ObjectDef; groups: RefusalGroup[] }) {
  const { t } = useTranslation("bulk");
  return (
    <ScrollArea.Autosize mah={320} type="auto" offsetScrollbars="present" viewportProps={{ tabIndex: 0, "aria-label": t("move.why"), role: "region" }}>
      <ul className={classes.groups}>
        {groups.map((group) => (
          <li key={group.message} className={classes.group} data-code={group.code}>
            <p className={classes.groupTitle}>
              {group.message} <span className={classes.groupCount}>{group.results.length}</span>
            </p>
            <p className={classes.groupRecords}>
              {group.results.slice(0, NAMED).map((result, index) => (
                <span key={result.id}>
                  {index > 0 && " · "}
                  <Link to="/o/$object/$id" params={{ object: object.key, id: result.id }} target="_blank">
                    {result.name || t("outOfSight", { ns: "fields" })}
                  </Link>
                </span>
              ))}
              {group.results.length > NAMED && ` ${t("move.others", { count: group.results.length - NAMED })}`}
            </p>
          </li>
        ))}
      </ul>
    </ScrollArea.Autosize>
  );
}
