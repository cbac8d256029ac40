import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDefinitions } from "~/api/definitions";
import { useMe } from "~/api/queries";
import { useLabel } from "~/i18n";
import { iconOf } from "~/shell/places";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { ObjectDialog } from "./ObjectDialog";
import { StateBadge } from "./StateBadge";
import classes from "./objects.module.css";

/** All kinds of records: the product's and the organisation's own. */
export function Objects() {
  const { t } = useTranslation("objects");
  const label = useLabel();
  const me = useMe();
  const definitions = useDefinitions(me.admin);
  const [creating, setCreating] = useState(false);
  if (!me.admin) return <EmptyState title={t("onlyAdministrators")} />;
  const items = [...(definitions.data?.items ?? [])].sort((a, b) => Number(a.preset) - Number(b.preset));


  return (
    <Page
      title={t("title")}
      above={t("hint")}
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
          {t("newObject")}
        </Button>
      }
    >
      {definitions.isError && <ErrorState error={definitions.error} onRetry={() => void definitions.refetch()} />}
      {definitions.isPending && <RowSkeletons rows={12} />}
      {items.length > 0 && (
        <div className={classes.frame}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t("name")}</th>
                <th scope="col" className={classes.wide}>
                  {t("key")}
                </th>
                <th scope="col" className={classes.wide}>
                  {t("kind")}
                </th>
                <th scope="col" data-figures className={classes.wide}>
                  {t("fields")}
                </th>
                <th scope="col">{t("state")}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((object) => {
                const Icon = iconOf(object);
                return (
                  <tr key={object.key} data-gone={object.state !== "live" || undefined}>
                    <td>
                      <div className={classes.nameCell}>
                        <Icon size={18} stroke={1.6} />
                        <div>
                          <Link to="/admin/objects/$object" params={{ object: object.key }} className={classes.name}>
                            {label(object.plural)}
                          </Link>
                          <span className={classes.under}>
                            {t(object.preset ? "preset" : "own")} · {t("fieldCount", { count: object.field_count })}
                          </span>
                        </div>
                      </div>
                    </td>
                    <td className={`${classes.wide} ${classes.key}`}>{object.key}</td>
                    <td className={classes.wide}>{t(object.preset ? "preset" : "own")}</td>
                    <td data-figures className={classes.wide}>
                      {object.field_count}
                    </td>
                    <td>
                      <StateBadge state={object.state} until={object.drops_at} />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {creating && <ObjectDialog onClose={() => setCreating(false)} />}
    </Page>
  );
}
