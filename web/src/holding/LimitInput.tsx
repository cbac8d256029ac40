import { ActionIcon, Menu, NumberInput, TextInput, Tooltip } from "@mantine/core";
import { IconHash, IconMathFunction, IconSettings, IconSum, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useVariables, type Limit, type Variable } from "~/api/holdings";
import { useLabel } from "~/i18n";
import classes from "./holding.module.css";

const KINDS = ["number", "calculated", "statistical"] as const;
const ICONS = { number: IconHash, calculated: IconMathFunction, statistical: IconSum };

/** How many: a number, or by the gear a field of Employee. */
export function LimitInput({ value, error, onChange }: { value: Limit; error?: string; onChange: (limit: Limit) => void }) {
  const { t } = useTranslation("holding");
  const label = useLabel();
  const variables = useVariables();
  const items = variables.data?.items ?? [];
  const field = value.kind === "variable" ? value.field : undefined;
  const named = (it: Variable) => label(it.label) || it.field;
  const chosen = items.find((it) => it.field === field);
  const shared = { label: t("limit"), description: t("limitHint"), withAsterisk: true, error };
  return (
    <div className={classes.limit}>
      {field !== undefined ? (
        <TextInput
          {...shared}
          readOnly
          value={t("variable", { field: chosen ? named(chosen) : field })}
          rightSection={
            <Tooltip label={t("backToNumber")}>
              <ActionIcon size={24} aria-label={t("backToNumber")} onClick={() => onChange({ kind: "number", number: 0 })}>
                <IconX size={15} />
              </ActionIcon>
            </Tooltip>
          }
        />
      ) : (
        <NumberInput
          {...shared}
          min={0}
          max={1_000_000}
          allowDecimal={false}
          allowNegative={false}
          clampBehavior="strict"
          value={value.kind === "number" && Number.isFinite(value.number) ? value.number : ""}
          onChange={(next) => onChange({ kind: "number", number: next === "" ? NaN : Number(next) })}
        />
      )}
      <Menu position="bottom-end" width={280} withinPortal>
        <Menu.Target>
          <Tooltip label={t("gear")}>
            <ActionIcon variant="default" size={36} mb={error ? 20 : 0} aria-label={t("gear")}>
              <IconSettings size={18} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown mah={340} style={{ overflowY: "auto" }}>
          {items.length === 0 && <Menu.Label>{t(variables.isPending ? "looking" : "noVariables")}</Menu.Label>}
          {KINDS.filter((kind) => items.some((it) => it.kind === kind)).map((kind) => {
            const Icon = ICONS[kind];
            return (
              <div key={kind}>
                <Menu.Label>{t(`variables.${kind}`)}</Menu.Label>
                {items
                  .filter((it) => it.kind === kind)
                  .map((it) => (
                    <Menu.Item key={it.field} leftSection={<Icon size={16} stroke={1.6} />} onClick={() => onChange({ kind: "variable", field: it.field })}>
                      {named(it)}
                    </Menu.Item>
                  ))}
              </div>
            );
          })}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
