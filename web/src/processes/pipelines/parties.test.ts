import { expect, it } from "vitest";
import type { Party } from "~/api/processes";
import { partyOf, peopleIn, valueOf } from "./parties";

const parties: Party[] = [{ kind: "owner" }, { kind: "department_manager" }, { kind: "team_role", role: "x:y" }, { kind: "field", field: "x_engineer" }, { kind: "person", id: "0192" }];

it("parties survive being chosen", () => {
  expect(parties.map(valueOf).map(partyOf)).toEqual(parties);
});

it("knows the people among them, whose names must be looked up", () => {
  expect(peopleIn(parties)).toEqual(["0192"]);
});
