import { IconChecklist, IconFilePlus, IconForms, IconTablePlus } from "@tabler/icons-react";
import type { TaskKind } from "~/api/processes";

export const TASK_KINDS: TaskKind[] = ["edit_object", "create_object", "edit_sub_objects", "checklist_item"];
export const TASK_ICONS = { edit_object: IconForms, create_object: IconFilePlus, edit_sub_objects: IconTablePlus, checklist_item: IconChecklist };
