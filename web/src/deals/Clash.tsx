import { Alert, Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ObjectDef, Rec } from "~/api/types";
import { useLabel } from "~/i18n";
import type { RoleChange } from "./api";

/** What one wanted to say, and what somebody else has said meanwhile. */
export type Clashing = RoleChange & { present: Rec };

type Props = { clashing: Clashing; object: ObjectDef; name: string; nameOf: (role: string) => string; onKeep: () => void; onSet: () => void };

/** Two have said different things of one person: whoever came second decides. */
export function Clash({ clashing: { field, value, present }, object, name, nameOf, onKeep, onSet }: Props) {
  const { t } = useTranslation("deals");
  const label = useLabel();
  const definition = object.fields.find((one) => one.key === field);
  const said = (one: unknown): string => {
    if (field === "reports_to") return typeof one === "string" ? nameOf(one) : t("nobody");
    return label(definition?.options?.find((option) => option.key === one)?.label) || t("unknown");
  };
  return (
    <Alert color="yellow" variant="light" role="alert">
      {t("clash", { name, field: label(definition?.label), theirs: said(present.fields[field]) })}
      <Group gap="xs" mt="xs">
        <Button size="compact-sm" variant="default" onClick={onKeep}>
          {t("keepTheirs")}
        </Button>
        <Button size="compact-sm" variant="default" onClick={onSet}>
          {t("setMine", { mine: said(value) })}
        </Button>
      </Group>
    </Alert>
  );
}
