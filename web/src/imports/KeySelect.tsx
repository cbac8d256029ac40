import { Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ImportFile, ImportOptions } from "~/api/imports";
import type { ObjectDef } from "~/api/types";
import { useLabel } from "~/i18n";
import { targetsOf } from "./draft";
import { keyOf } from "./targets";

const IDENTIFYING = ["text", "email", "phone", "number", "date", "auto_number", "url"];

type Props = { file: ImportFile; object: ObjectDef | undefined; options: ImportOptions; onOptions: (change: Partial<ImportOptions>) => void };

/** By what a row finds the record that there is already. */
export function KeySelect({ file, object, options, onOptions }: Props) {
  const { t } = useTranslation("imports");
  const label = useLabel();
  const filled = new Set(Object.values(options.mapping ?? {}).flatMap(targetsOf));
  const fields = (object?.fields ?? []).filter((field) => filled.has(field.key) && (field.unique || IDENTIFYING.includes(field.type)));
  const source = options.keys?.external_source ?? "";
  const choose = (choice: string | null) => {
    if (!choice) return onOptions({ keys: null });
    const [kind, name = ""] = [choice.slice(0, choice.indexOf(":")), choice.slice(choice.indexOf(":") + 1)];
    onOptions({ keys: kind === "field" ? { field: name } : { external_source: source || file.name.replace(/\.[^.]+$/, ""), external_column: name } });
  };
  return (
    <>
      <Select
        label={t("identify")}
        placeholder={t(options.mode === "insert" ? "noIdentity" : "identityByItself")}
        clearable
        searchable
        w={270}
        data={[
          { group: t("byField"), items: fields.map((field) => ({ value: `field:${field.key}`, label: label(field.label) })) },
          { group: t("byColumn"), items: file.columns.map((column) => ({ value: `column:${column.name}`, label: column.name })) },
        ]}
        value={keyOf(options)}
        onChange={choose}
      />
      {options.keys?.external_column && (
        <TextInput
          label={t("source")}
          description={t("sourceHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          error={source.trim() === "" && t("sourceMissing")}
          w={200}
          value={source}
          onChange={(event) => onOptions({ keys: { ...options.keys, external_source: event.currentTarget.value } })}
        />
      )}
    </>
  );
}
