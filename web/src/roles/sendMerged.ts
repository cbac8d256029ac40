import { sendRole, type Role, type RoleDocument } from "~/api/roles";
import { isConflict } from "~/api/problem";
import { filledLabel } from "~/objects/keys";
import { documentOf, merged } from "./roleDraft";

/** The role as it is now, where somebody else was faster. */
export const presentRole = (error: unknown): Role | undefined => (isConflict(error) ? (error.record as unknown as Role | undefined) : undefined);

/** Saves a role over the version that was seen. What somebody else changed elsewhere in it meanwhile stays beside what was changed here. */
export async function sendMerged(document: RoleDocument, over?: Role): Promise<Role> {
  let version = over;
  let sent = { ...document, name: filledLabel(document.name), description: document.description && filledLabel(document.description) };
  for (;;) {
    try {
      return await sendRole(sent, version);
    } catch (error) {
      const present = presentRole(error);
      if (!present || !version || present.version === version.version) throw error;
      const together = merged(documentOf(version), sent, documentOf(present), "mine");
      if (together.clashes.length > 0) throw error;
      [version, sent] = [present, together.role];
    }
  }
}
