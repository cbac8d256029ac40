import type { BodyProps } from "./body";
import { ChecklistBody } from "./ChecklistBody";
import { CreateBody } from "./CreateBody";
import { EditBody } from "./EditBody";
import { GridBody } from "./GridBody";

/** The way in which a task is done, by its kind. */
export function TaskBody(props: BodyProps) {
  switch (props.task.act?.kind) {
    case "edit_object":
      return <EditBody {...props} />;
    case "create_object":
      return <CreateBody {...props} />;
    case "edit_sub_objects":
      return <GridBody {...props} />;
    case "checklist_item":
      return <ChecklistBody {...props} />;
    default:
      return null;
  }
}
