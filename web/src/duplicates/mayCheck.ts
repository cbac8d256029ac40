import type { Me } from "~/api/types";

/** Whether one may look for what there is, also among what one may not see. */
export const mayCheck = (me: Pick<Me, "acts">): boolean => Object.values(me.acts).some((acts) => acts.includes("duplicate_tool"));
