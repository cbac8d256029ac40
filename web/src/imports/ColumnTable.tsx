import { ActionIcon, Button, Group, Menu, MultiSelect, Select, Table } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconAdjustmentsHorizontal, IconArrowsSplit2, IconCheck, IconCoins, IconListDetails } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { FileColumn, ImportFile, ImportOptions, PlannedStep, Target } from "~/api/imports";
import type { Field, ObjectDef } from "~/api/types";
import { useLabel } from "~/i18n";
import { asTarget, targetsOf } from "./draft";
import classes from "./imports.module.css";
import { ReferenceDialog } from "./ReferenceDialog";
import { amountsOf, fillable, isChoice, isReference, targetObject } from "./targets";
import { ValuesDrawer } from "./ValuesDrawer";

type Props = { step: PlannedStep; file: ImportFile; object: ObjectDef | undefined; /** Objects of earlier steps. */ brought: string[]; /** What is asked beneath one of the columns. */ beneath?: { column: string; shown: ReactNode }; onOptions: (change: Partial<ImportOptions>) => void };

/** Which field each column fills, with what stands in it. */
export function ColumnTable({ step, file, object, brought, beneath, onOptions }: Props) {
  const { t } = useTranslation("imports");
  const { options } = step;
  const mapping = options.mapping ?? {};
  const fields = fillable(object, options.history === true);
  const taken = new Set([...Object.values(mapping).flatMap(targetsOf), ...Object.keys(options.constants ?? {})]);
  const map = (column: string, target: Target) => onOptions({ mapping: { ...mapping, [column]: target } });
  const [dialog, setDialog] = useState<{ column: string; kind: "values" | "reference" }>();
  const opened = file.columns.find((column) => column.name === dialog?.column);
  const openedField = opened && fields.find((field) => targetsOf(mapping[opened.name]).includes(field.key) && (isReference(field) || isChoice(field)));
  const phone = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const line = (column: FileColumn) => (
    <ColumnLine key={column.position} column={column} step={step} fields={fields} taken={taken} phone={phone} beneath={beneath?.column === column.name ? beneath.shown : undefined} currencies={{ columns: file.columns.map((it) => it.name).filter((name) => name !== column.name), chosen: options.formats?.[column.name]?.currency ?? null, onChoose: (currency) => onOptions({ formats: { ...options.formats, [column.name]: { ...options.formats?.[column.name], currency } } }) }} onMap={(target) => map(column.name, target)} onOpen={(kind) => setDialog({ column: column.name, kind })} />
  );
  return (
    <>
      {phone ? (
        <ul className={classes.columnCards}>{file.columns.map(line)}</ul>
      ) : (
        <Table verticalSpacing={5} fz="sm" layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w="24%">{t("column")}</Table.Th>
              <Table.Th>{t("samples")}</Table.Th>
              <Table.Th w="32%">{t("field")}</Table.Th>
              <Table.Th w={96} aria-label={t("settings")} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>{file.columns.map(line)}</Table.Tbody>
        </Table>
      )}
      {opened && openedField && dialog?.kind === "values" && (
        <ValuesDrawer step={step} brought={brought.includes(targetObject(openedField) ?? "")} column={opened.name} field={openedField} onClose={() => setDialog(undefined)} onValues={(values) => onOptions({ values: { ...options.values, [opened.name]: values } })} />
      )}
      {opened && openedField && dialog?.kind === "reference" && (
        <ReferenceDialog column={opened.name} field={openedField} rule={options.references?.[opened.name]} onClose={() => setDialog(undefined)} onRule={(rule) => onOptions({ references: { ...options.references, [opened.name]: rule } })} />
      )}
    </>
  );
}

type LineProps = {
  column: FileColumn;
  step: PlannedStep;
  fields: Field[];
  taken: Set<string>;
  phone: boolean;
  beneath?: ReactNode;
  currencies: { columns: string[]; chosen: string | null; onChoose: (column: string | null) => void };
  onMap: (target: Target) => void;
  onOpen: (kind: "values" | "reference") => void;
};

function ColumnLine({ column, step, fields, taken, phone, beneath, currencies, onMap, onOpen }: LineProps) {
  const { t } = useTranslation("imports");
  const samples = column.samples.join(" · ");
  const filled = targetsOf(step.options.mapping?.[column.name]);
  const chosen = fields.filter((field) => filled.includes(field.key));
  const isKey = step.options.keys?.external_column === column.name;
  const amounts = amountsOf(column.name, step.options);
  const name = (
    <>
      <b>{column.name}</b>
      <span className={classes.looks}>{[t(`looks.${column.looks}`), isKey ? t("isKey") : "", amounts ? t("isCurrency", { column: amounts }) : ""].filter(Boolean).join(" · ")}</span>
    </>
  );
  const choice = <FieldChoice column={column.name} filled={filled} fields={fields} taken={taken} onMap={onMap} />;
  const settings = <ColumnSettings column={column.name} chosen={chosen} filled={filled} fields={fields} taken={taken} currencies={currencies} explained={Object.keys(step.options.values?.[column.name] ?? {}).length} onMap={onMap} onOpen={onOpen} />;
  if (phone) {
    return (
      <li>
        <div>{name}</div>
        <p className={classes.sample}>{samples}</p>
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <div style={{ flex: 1 }}>{choice}</div>
          {settings}
        </Group>
        {beneath}
      </li>
    );
  }
  return (
    <>
      <Table.Tr data-out={(filled.length === 0 && !isKey && !amounts) || undefined} className={classes.columnLine} data-beneath={beneath !== undefined || undefined}>
        <Table.Td>{name}</Table.Td>
        <Table.Td className={classes.sample} title={samples}>
          {samples}
        </Table.Td>
        <Table.Td>{choice}</Table.Td>
        <Table.Td ta="right">{settings}</Table.Td>
      </Table.Tr>
      {beneath && (
        <Table.Tr>
          <Table.Td colSpan={4}>{beneath}</Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

function FieldChoice({ column, filled, fields, taken, onMap }: Pick<LineProps, "fields" | "taken" | "onMap"> & { column: string; filled: string[] }) {
  const { t } = useTranslation("imports");
  const label = useLabel();
  const data = fields
    .filter((field) => !taken.has(field.key) || filled.includes(field.key))
    .map((field) => ({ value: field.key, label: label(field.label) + (field.required ? " *" : "") }));
  // A field that is filled but not offered, as of a right that was taken away meanwhile, is still told.
  for (const key of filled) if (!data.some((it) => it.value === key)) data.push({ value: key, label: key });
  const words = { "aria-label": t("fieldOf", { column }), placeholder: t("leaveOut"), searchable: true, clearable: true, data, nothingFoundMessage: t("noField") };
  if (filled.length > 1) return <MultiSelect {...words} placeholder={undefined} hidePickedOptions styles={{ inputField: { minWidth: 8, flex: "0 1 8px" } }} value={filled} onChange={(keys) => onMap(asTarget(keys))} />;
  return <Select {...words} value={filled[0] ?? null} onChange={(key) => onMap(key)} />;
}

type SettingsProps = Pick<LineProps, "fields" | "taken" | "currencies" | "onMap" | "onOpen"> & { column: string; chosen: Field[]; filled: string[]; explained: number };

function ColumnSettings({ column, chosen, filled, fields, taken, currencies, explained, onMap, onOpen }: SettingsProps) {
  const { t } = useTranslation("imports");
  const label = useLabel();
  if (filled.length === 0) return null;
  const reference = chosen.find(isReference);
  const listed = reference ?? chosen.find(isChoice);
  const others = fields.filter((field) => !taken.has(field.key));
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      {listed && explained > 0 && (
        <Button size="compact-xs" variant="light" onClick={() => onOpen("values")}>
          {t("explained", { count: explained })}
        </Button>
      )}
      <Menu position="bottom-end" width={250}>
        <Menu.Target>
          <ActionIcon aria-label={t("settingsOf", { column })}>
            <IconAdjustmentsHorizontal size={17} stroke={1.7} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {listed && (
            <Menu.Item leftSection={<IconListDetails size={16} />} onClick={() => onOpen("values")}>
              {t("values")}
            </Menu.Item>
          )}
          {reference && (
            <Menu.Item leftSection={<IconAdjustmentsHorizontal size={16} />} onClick={() => onOpen("reference")}>
              {t("reference")}
            </Menu.Item>
          )}
          {chosen.some((field) => field.type === "currency") && (
            <Menu.Sub>
              <Menu.Sub.Target>
                <Menu.Sub.Item leftSection={<IconCoins size={16} />}>{t("currencyIn")}</Menu.Sub.Item>
              </Menu.Sub.Target>
              <Menu.Sub.Dropdown mah={320} style={{ overflowY: "auto" }}>
                <Menu.Item onClick={() => currencies.onChoose(null)} rightSection={currencies.chosen === null ? <IconCheck size={15} /> : undefined}>
                  {t("currencyNowhere")}
                </Menu.Item>
                {currencies.columns.map((name) => (
                  <Menu.Item key={name} onClick={() => currencies.onChoose(name)} rightSection={currencies.chosen === name ? <IconCheck size={15} /> : undefined}>
                    {name}
                  </Menu.Item>
                ))}
              </Menu.Sub.Dropdown>
            </Menu.Sub>
          )}
          <Menu.Sub>
            <Menu.Sub.Target>
              <Menu.Sub.Item leftSection={<IconArrowsSplit2 size={16} />}>{t("alsoFills")}</Menu.Sub.Item>
            </Menu.Sub.Target>
            <Menu.Sub.Dropdown mah={320} style={{ overflowY: "auto" }}>
              {others.map((field) => (
                <Menu.Item key={field.key} onClick={() => onMap(asTarget([...filled, field.key]))}>
                  {label(field.label)}
                </Menu.Item>
              ))}
            </Menu.Sub.Dropdown>
          </Menu.Sub>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
