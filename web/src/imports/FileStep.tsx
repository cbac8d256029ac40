import { FileButton, Select, Stack, Text } from "@mantine/core";
import { IconFileTypeCsv } from "@tabler/icons-react";
import { useState, type DragEvent } from "react";
import { useTranslation } from "react-i18next";
import { useObjects } from "~/api/queries";
import { useLabel } from "~/i18n";
import classes from "./imports.module.css";

interface Props {
  object: string;
  unreadable: boolean;
  onObject: (object: string) => void;
  onFile: (file: File) => void;
}

/** Which file, and what its rows are. */
export function FileStep({ object, unreadable, onObject, onFile }: Props) {
  const { t } = useTranslation("imports");
  const label = useLabel();
  const importable = useObjects().filter((it) => it.acts.includes("import") || it.acts.includes("create"));
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) onFile(file);
  };
  return (
    <Stack maw={520}>
      <Select
        label={t("object")}
        data={importable.map((it) => ({ value: it.key, label: label(it.plural) }))}
        value={object}
        allowDeselect={false}
        onChange={(key) => key && onObject(key)}
      />
      <FileButton accept=".csv,text/csv,text/plain" onChange={(file) => file && onFile(file)} inputProps={{ "aria-label": t("file") }}>
        {(props) => (
          <button
            {...props}
            type="button"
            className={classes.drop}
            data-over={over || undefined}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={drop}
          >
            <IconFileTypeCsv size={30} aria-hidden="true" />
            {t("dropFile")}
          </button>
        )}
      </FileButton>
      {unreadable && (
        <Text c="red" role="alert" size="sm">
          {t("unreadable")}
        </Text>
      )}
    </Stack>
  );
}
