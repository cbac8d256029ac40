import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { rowsOf, useRecordList } from "~/api/queries";
import type { Role } from "~/api/roles";
import type { Condition } from "~/api/types";
import { Avatar } from "~/ui/Avatar";
import { RowSkeletons } from "~/ui/Skeletons";
import classes from "./roles.module.css";

const SHOWN = 6;

/** Those who have a role, and the way to all of them. */
export function Holders({ role }: { role: Role }) {
  const { t } = useTranslation("roles");
  const filter: Condition = { all: [{ field: "roles", op: "contains", value: [role.key] }, { field: "active", op: "eq", value: true }] };
  const list = useRecordList("employee", { filter, sort: "name", fields: ["name", "title"], limit: SHOWN });
  const rows = rowsOf(list.data);
  if (list.isPending) return <RowSkeletons rows={4} />;
  if (rows.length === 0) return <p className={classes.fine}>{t("peopleNone")}</p>;
  return (
    <>
      <ul className={classes.people}>
        {rows.map((person) => {
          const name = String(person.fields["name"] ?? "");
          return (
            <li key={person.id}>
              <Avatar name={name} size={24} />
              <Link to="/admin/people" search={{ person: person.id }} className={classes.name}>
                {name}
              </Link>
            </li>
          );
        })}
      </ul>
      <p className={classes.fine}>
        {t("peopleCount", { count: role.people })} ·{" "}
        <Link to="/admin/people" search={{ role: role.key }}>
          {t("peopleAll")}
        </Link>
      </p>
    </>
  );
}
