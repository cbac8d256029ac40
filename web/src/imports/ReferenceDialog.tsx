import { Button, Group, Modal, Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ReferenceRule } from "~/api/imports";
import { useMe, useObject } from "~/api/queries";
import type { Field } from "~/api/types";
import { useLabel } from "~/i18n";
import { targetObject } from "./targets";

const BY = ["name", "code", "external", "id"] as const;
const MISSING = ["error", "blank", "create"] as const;

type Props = { column: string; field: Field; rule: ReferenceRule | undefined; onRule: (rule: ReferenceRule) => void; onClose: () => void };

/** How the texts of a column find records, and what happens where they find none. */
export function ReferenceDialog({ column, field, rule, onRule, onClose }: Props) {
  const { t } = useTranslation("imports");
  const label = useLabel();
  const me = useMe();
  const target = useObject(targetObject(field) ?? "");
  const [by, setBy] = useState<string>(rule?.by ?? "");
  const [missing, setMissing] = useState<string>(rule?.missing ?? "blank");
  const mayCreate = target !== undefined && (me.acts[target.key]?.includes("create") ?? false);
  return (
    <Modal opened onClose={onClose} title={t("referenceTitle", { column, field: label(field.label) })}>
      <Stack gap="md">
        <Radio.Group label={t("findBy", { object: label(target?.label) || label(field.label) })} value={by} onChange={setBy}>
          <Stack gap={6} mt={6}>
            <Radio value="" label={t("by.any")} />
            {BY.map((value) => (
              <Radio key={value} value={value} label={t(`by.${value}`)} />
            ))}
          </Stack>
        </Radio.Group>
        <Radio.Group label={t("whenMissing")} value={missing} onChange={setMissing}>
          <Stack gap={6} mt={6}>
            {MISSING.filter((value) => value !== "create" || mayCreate).map((value) => (
              <Radio key={value} value={value} label={t(`missing.${value}`)} />
            ))}
          </Stack>
        </Radio.Group>
        <Text size="sm" c="dimmed">
          {t("nearHint")}
        </Text>
        <Group justify="flex-end">
          <Button
            onClick={() => {
              onRule({ ...(by ? { by: by as ReferenceRule["by"] } : {}), missing: missing as ReferenceRule["missing"] });
              onClose();
            }}
          >
            {t("take")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
