import { describe, expect, it } from "vitest";
import { answersOf, asTarget, drafted, fingerprint, targetsOf, withAnswers, withOptions, withoutAnswer, type Draft } from "./draft";

const draft: Draft = {
  files: ["a", "b"],
  plan: null,
  steps: [
    { file: "a", options: { object: "product" } },
    { file: "b", options: { object: "opportunity", values: { product: { GTXPro: "GTX Pro" } } } },
  ],
};

describe("the draft of an import", () => {
  it("keeps what was chosen for a file when another is added", () => {
    const changed = withOptions(draft, 0, { history: true });
    const next = drafted(["a", "b", "c"], { plan: { name: "c", source: "guess" }, steps: [{ file: "c", options: { object: "account" } }, { file: "a", options: { object: "product" } }] }, changed);
    expect(next.steps.map((step) => step.options)).toEqual([{ object: "account" }, { object: "product", history: true }]);
  });

  it("takes answers and gives them back", () => {
    const answer = { step: 1, column: "account", from: "Globex", to: "" };
    const answered = withAnswers(draft, [answer, { step: 1, column: "account", from: "Acme", to: null }]);
    expect(answersOf(answered)).toContainEqual(answer);
    expect(answered.steps[1]?.options.create_values).toEqual({ account: ["Acme"] });
    const back = withoutAnswer(withoutAnswer(answered, answer), { step: 1, column: "account", from: "Acme" });
    expect(answersOf(back)).toEqual([{ step: 1, column: "product", from: "GTXPro", to: "GTX Pro" }]);
  });

  it("lets a later answer replace an earlier one of another kind", () => {
    const made = withAnswers(draft, [{ step: 1, column: "product", from: "GTXPro", to: null }]);
    expect(answersOf(made)).toEqual([{ step: 1, column: "product", from: "GTXPro", to: null }]);
  });

  it("knows when a check is out of date", () => {
    expect(fingerprint(withOptions(draft, 0, { mode: "insert" }))).not.toBe(fingerprint(draft));
    expect(fingerprint({ ...draft, check: { id: "1", of: "" } })).toBe(fingerprint(draft));
  });

  it("speaks of one field or several", () => {
    expect([targetsOf("name"), targetsOf(["a", "b"]), targetsOf(null), targetsOf(undefined)]).toEqual([["name"], ["a", "b"], [], []]);
    expect([asTarget([]), asTarget(["a"]), asTarget(["a", "b"])]).toEqual([null, "a", ["a", "b"]]);
  });
});
