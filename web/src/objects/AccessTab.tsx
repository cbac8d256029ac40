import type { Definition } from "~/api/definitions";
import { BaseCard } from "./BaseCard";
import { RoleRights } from "./RoleRights";
import { SharedBy } from "./SharedBy";

/** Who sees the records of an object, and which role may do what with them. */
export function AccessTab({ object }: { object: Definition }) {
  return (
    <>
      <BaseCard object={object} />
      <RoleRights object={object} />
      <SharedBy object={object} />
    </>
  );
}
