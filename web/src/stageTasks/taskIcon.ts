import { type Icon, IconChecklist, IconForms, IconSquareCheck, IconTablePlus, IconFilePlus } from "@tabler/icons-react";
import type { TaskAct } from "~/api/stageTasks";

const ICONS: Record<TaskAct["kind"], Icon> = { edit_object: IconForms, create_object: IconFilePlus, edit_sub_objects: IconTablePlus, checklist_item: IconSquareCheck };

/** The picture of a kind of task. */
export const taskIcon = (kind: string | undefined): Icon => ICONS[kind as TaskAct["kind"]] ?? IconChecklist;
