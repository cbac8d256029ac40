import type { ObjectDef, Rec } from "~/api/types";
import classes from "./Activity.module.css";
import { Composer } from "./Composer";
import { OpenTasks } from "./OpenTasks";
import { Timeline } from "./Timeline";

/** What is being done about a record: writing it down, what is open, and what was. */
export function Activity({ object, record }: { object: ObjectDef; record: Rec }) {
  return (
    <div className={classes.activity}>
      {record.fields["lifecycle_status"] !== "voided" && <Composer key={record.id} record={record} />}
      <OpenTasks record={record} />
      <Timeline object={object} record={record} />
    </div>
  );
}
