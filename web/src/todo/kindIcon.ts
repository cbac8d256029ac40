import { type Icon, IconAlarm, IconCheckbox, IconHourglass, IconListCheck, IconPhoneCalling, IconRubberStamp, IconTargetArrow, IconUserPlus, IconUserQuestion } from "@tabler/icons-react";

const ICONS: Record<string, Icon> = { task: IconCheckbox, follow_up: IconPhoneCalling, lead: IconUserPlus, close_date: IconTargetArrow, stage_overdue: IconHourglass, stage_task: IconListCheck, join_request: IconUserQuestion, approval: IconRubberStamp };

/** The picture of a kind of what waits. */
export const kindIcon = (kind: string): Icon => ICONS[kind] ?? IconAlarm;
