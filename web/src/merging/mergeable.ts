import type { ObjectDef } from "~/api/types";

/** Objects whose records one may make one. */
export const mergeable = (objects: ObjectDef[]) => objects.filter((object) => object.acts.includes("merge"));
