import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconArrowBackUp, IconCheck } from "@tabler/icons-react";
import { findingsOfError } from "~/api/problem";

const UNDO_TIME = 8_000;
let count = 0;

/** Says why something was refused: each reason, not only that there are some. */
export const toldOfRefusal = (error: unknown) => notifications.show({ color: "red", icon: <IconAlertTriangle size={18} />, message: findingsOfError(error, []).general.join(" ") });

type Undo = {
  message: string;
  /** The word on the button. */
  undo: string;
  onUndo: () => Promise<unknown> | void;
  /** What is said once it is taken back. */
  undone?: string;
  /** Called when nobody has taken it back and the message is gone. */
  onPast?: () => void;
};

/** Says that something is done and offers to take it back. */
export function toldWithUndo({ message, undo, onUndo, undone, onPast }: Undo) {
  const id = `undo-${++count}`;
  let taken = false;
  const back = async () => {
    taken = true;
    notifications.hide(id);
    try {
      await onUndo();
      if (undone) notifications.show({ icon: <IconArrowBackUp size={18} />, message: undone, autoClose: 3_000 });
    } catch (error) {
      toldOfRefusal(error);
    }
  };
  notifications.show({
    id,
    icon: <IconCheck size={18} />,
    autoClose: UNDO_TIME,
    onClose: () => {
      if (!taken) onPast?.();
    },
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm">{message}</Text>
        <Button size="compact-sm" variant="light" flex="none" onClick={() => void back()}>
          {undo}
        </Button>
      </Group>
    ),
  });
  return id;
}
