import { Group, SegmentedControl, Select, Stack, Switch, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ImportFile, ImportOptions } from "~/api/imports";
import { useMe } from "~/api/queries";
import type { ObjectDef } from "~/api/types";
import { PersonSelect } from "~/people/PersonSelect";
import { Fold } from "~/records/Fold";
import { Constants } from "./Constants";
import { targetsOf } from "./draft";
import classes from "./imports.module.css";
import { fillable, stageColumn, withPast } from "./targets";

type Props = { file: ImportFile; object: ObjectDef | undefined; options: ImportOptions; onOptions: (change: Partial<ImportOptions>) => void };

/** What is asked for more rarely: fixed values, blank cells, the owner, currency, history. */
export function MoreOptions({ object, options, onOptions }: Props) {
  const { t } = useTranslation("imports");
  const me = useMe();
  const filled = new Set(Object.values(options.mapping ?? {}).flatMap(targetsOf));
  const fields = fillable(object, options.history === true);
  const amounts = fields.some((field) => field.type === "currency" && filled.has(field.key));
  const mayHistory = me.acts[options.object]?.includes("import_history") ?? false;
  // Where a column tells stages it is asked there.
  const asked = object !== undefined && stageColumn(object, options) !== undefined;
  const set = Object.keys(options.constants ?? {}).length;
  return (
    <section className={classes.more}>
      <Fold folded title={set > 0 ? t("moreWith", { count: set }) : t("more")}>
        <Stack gap="md" pt="sm">
          <Constants fields={fields.filter((field) => !filled.has(field.key))} constants={options.constants ?? {}} onConstants={(constants) => onOptions({ constants })} />
          <div>
            <Text size="sm" fw={550} mb={4}>
              {t("blankCells")}
            </Text>
            <SegmentedControl
              size="xs"
              aria-label={t("blankCells")}
              data={[
                { value: "keep", label: t("blankKeep") },
                { value: "clear", label: t("blankClear") },
              ]}
              value={options.on_blank ?? "keep"}
              onChange={(on_blank) => onOptions({ on_blank: on_blank as "keep" | "clear" })}
            />
          </div>
          <Group gap="md" align="flex-start">
            {object?.owned && (
              <PersonSelect
                label={t("defaultOwner")}
                description={t(filled.has("owner") ? "defaultOwnerMapped" : "defaultOwnerHint")}
                inputWrapperOrder={["label", "input", "description", "error"]}
                placeholder={t("myself")}
                w={260}
                value={options.default_owner ?? null}
                onChange={(default_owner) => onOptions({ default_owner })}
              />
            )}
            {amounts && me.organisation.currencies && (
              <Select
                label={t("currency")}
                description={t("currencyHint")}
                inputWrapperOrder={["label", "input", "description", "error"]}
                w={220}
                clearable
                searchable
                placeholder={me.organisation.main_currency}
                data={me.organisation.currencies}
                value={options.currency ?? null}
                onChange={(currency) => onOptions({ currency })}
              />
            )}
          </Group>
          {mayHistory && !asked && (
            <Switch label={t("history")} description={t("historyHint")} checked={options.history === true} onChange={(event) => onOptions(withPast(options, event.currentTarget.checked))} />
          )}
        </Stack>
      </Fold>
    </section>
  );
}
