import { expect, test } from "vitest";
import type { TeamMember } from "~/api/types";
import { mergeTeams } from "./mergeTeams";

const member = (person: string, access: "read" | "read_write" = "read"): TeamMember => ({ person, role: "member", access, share: null });

test("what each has changed is kept, and what one has taken out stays out", () => {
  const seen = [member("kim"), member("lee"), member("ines")];
  const mine = [member("kim", "read_write"), member("lee"), member("sven")];
  const theirs = [member("kim"), member("lee", "read_write"), member("ines"), member("mona")];
  expect(mergeTeams(seen, mine, theirs)).toEqual([member("kim", "read_write"), member("lee", "read_write"), member("mona"), member("sven")]);
});

test("whom somebody else took out comes back only where one has changed him oneself", () => {
  const seen = [member("kim"), member("lee")];
  expect(mergeTeams(seen, [member("kim"), member("lee", "read_write")], [])).toEqual([member("lee", "read_write")]);
});
