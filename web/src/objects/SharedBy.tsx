import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Definition } from "~/api/definitions";
import { useSharingRules } from "~/api/sharing";
import { RuleList } from "~/sharing/RuleList";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import classes from "./objects.module.css";

/** The rules that give the records of an object to others. */
export function SharedBy({ object }: { object: Definition }) {
  const { t } = useTranslation("objects");
  const { t: words } = useTranslation("sharing");
  const navigate = useNavigate();
  const rules = useSharingRules(object.key);
  const open = (rule: string) => void navigate({ to: "/admin/sharing", search: { object: object.key, rule } });
  return (
    <section className={classes.access}>
      <div className={classes.bar}>
        <div>
          <h2 className={classes.partTitle}>{words("title")}</h2>
          <p className={classes.fine}>{t("sharingHint")}</p>
        </div>
        <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => open("new")}>
          {words("newRule")}
        </Button>
      </div>
      {rules.isError && <ErrorState compact error={rules.error} onRetry={() => void rules.refetch()} />}
      {rules.isPending && <RowSkeletons rows={2} />}
      {rules.data &&
        (rules.data.items.length === 0 ? (
          <p className={classes.fine}>{words("noneFor")}</p>
        ) : (
          <RuleList object={object.key} rules={rules.data.items} refs={rules.data.refs} onEdit={(rule) => open(rule.id)} />
        ))}
    </section>
  );
}
