import { notifications } from "@mantine/notifications";
import { IconCheck } from "@tabler/icons-react";

const A_MOMENT = 3_000;

/** Says that something is done, out of the way of the next thing: the buttons of drawers are at the bottom right, where messages stand otherwise. */
export const told = (message: string) => notifications.show({ icon: <IconCheck size={18} />, message, position: "top-center", autoClose: A_MOMENT });
