import { Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { FieldType } from "~/api/types";
import { TYPE_GROUPS, TYPE_ICONS } from "./fieldTypes";
import classes from "./objects.module.css";

/** All types with a line on each. */
export function TypeGrid({ onChoose }: { onChoose: (type: FieldType) => void }) {
  const { t } = useTranslation("objects");
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t("chooseType")}
      </Text>
      {TYPE_GROUPS.map((group) => (
        <section key={group.key} aria-label={t(`typeGroups.${group.key}`)}>
          <h3 className={classes.group}>{t(`typeGroups.${group.key}`)}</h3>
          <div className={classes.types}>
            {group.types.map((type) => {
              const Icon = TYPE_ICONS[type];
              return (
                <button key={type} type="button" className={classes.type} onClick={() => onChoose(type)}>
                  {Icon && <Icon size={20} stroke={1.6} />}
                  <b>{t(`types.${type}`)}</b>
                  <span>{t(`typeHints.${type}`)}</span>
                </button>
              );
            })}
          </div>
        </section>
      ))}
    </Stack>
  );
}
