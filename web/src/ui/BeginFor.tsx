import { Button, Menu } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { ObjectDef } from "~/api/types";
import { useLabel } from "~/i18n";
import { iconOf } from "~/shell/places";

type Props = { label: string; /** What is asked in the menu. */ heading: string; objects: ObjectDef[]; disabled?: boolean; onChoose: (object: string) => void };

/** Begins something that is for the records of one object, which is chosen first. */
export function BeginFor({ label: text, heading, objects, disabled, onChoose }: Props) {
  const label = useLabel();
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <Button leftSection={<IconPlus size={16} />} disabled={disabled}>
          {text}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: "auto" }}>
        <Menu.Label>{heading}</Menu.Label>
        {objects.map((object) => {
          const Icon = iconOf(object);
          return (
            <Menu.Item key={object.key} leftSection={<Icon size={16} stroke={1.6} />} onClick={() => onChoose(object.key)}>
              {label(object.plural)}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
