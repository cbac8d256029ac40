import { ActionIcon, Button, Checkbox, Paper, Select, Stack } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useObjects } from "~/api/queries";
import type { Violation } from "~/api/types";
import { ACTS, type Subscription } from "~/api/webhooks";
import { ConditionEditor } from "~/conditions/ConditionEditor";
import { useLabel } from "~/i18n";
import classes from "./webhooks.module.css";

type Props = { value: Subscription[]; findings: Violation[]; onChange: (value: Subscription[]) => void };

/** Of which records what is told. */
export function Subscriptions({ value, findings, onChange }: Props) {
  const { t } = useTranslation("webhooks");
  const label = useLabel();
  const objects = useObjects();
  const unused = objects.filter((it) => !value.some((one) => one.object === it.key));
  const put = (at: number, change: Partial<Subscription>) => onChange(value.map((one, index) => (index === at ? { ...one, ...change } : one)));
  const textAt = (path: string) => findings.filter((it) => it.path === path).map((it) => it.message).join(" ") || undefined;
  return (
    <fieldset className={classes.set}>
      <legend>{t("what")}</legend>
      <Stack gap="sm">
        {value.map((one, at) => {
          const path = `subscriptions/${at}`;
          const object = objects.find((it) => it.key === one.object);
          const stages = one.object === "opportunity";
          const fitting = ACTS.filter((act) => one.acts.includes(act) || ((stages || !["move", "reopen"].includes(act)) && (one.object === "lead" || act !== "convert") && (one.object === "quote" || !act.startsWith("quote_")) && (object?.owned || !["change_owner", "team", "merge"].includes(act))));
          return (
            <Paper key={one.object} withBorder p="sm" className={classes.card}>
              <div className={classes.head}>
                <Select
                  aria-label={t("records")}
                  allowDeselect={false}
                  searchable
                  w={240}
                  data={objects.filter((it) => it.key === one.object || unused.includes(it)).map((it) => ({ value: it.key, label: label(it.plural) }))}
                  value={one.object}
                  error={textAt(`${path}/object`)}
                  onChange={(key) => key && key !== one.object && put(at, { object: key, condition: null })}
                />
                {value.length > 1 && (
                  <ActionIcon variant="subtle" color="gray" aria-label={t("removeRecords", { object: label(object?.plural) })} onClick={() => onChange(value.filter((_, index) => index !== at))}>
                    <IconX size={16} />
                  </ActionIcon>
                )}
              </div>
              <Checkbox.Group label={t("acts")} value={one.acts} error={textAt(`${path}/acts`)} onChange={(acts) => put(at, { acts: ACTS.filter((act) => acts.includes(act)) })}>
                <div className={classes.acts}>
                  {fitting.map((act) => (
                    <Checkbox key={act} value={act} label={t(`actNames.${act}`)} />
                  ))}
                </div>
              </Checkbox.Group>
              <ConditionEditor
                key={one.object}
                object={one.object}
                judgesChange
                label={t("condition")}
                hint={t("conditionHint")}
                value={one.condition}
                findings={findings.filter((it) => it.path === `${path}/condition`)}
                onChange={(condition) => put(at, { condition: condition ?? null })}
              />
            </Paper>
          );
        })}
      </Stack>
      {unused.length > 0 && (
        <Button mt="sm" variant="subtle" size="compact-sm" leftSection={<IconPlus size={15} />} onClick={() => onChange([...value, { object: unused[0]!.key, acts: ["create", "edit"], condition: null }])}>
          {t("addRecords")}
        </Button>
      )}
    </fieldset>
  );
}
