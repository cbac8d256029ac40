import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it } from "vitest";
import { keys } from "~/api/queries";
import type { Field, ObjectDef, Violation } from "~/api/types";
import { FormulaInput } from "./FormulaInput";

const field = (key: string, type: Field["type"], en: string, more: Partial<Field> = {}) => ({ key, type, label: { en, "zh-CN": en }, ...more }) as Field;
const account = { key: "account", fields: [field("annual_revenue", "currency", "Annual revenue")] } as ObjectDef;
const opportunity = { key: "opportunity", fields: [field("amount", "currency", "Amount"), field("account", "reference", "Account", { object: "account" })] } as ObjectDef;
const functions = [{ name: "round", signature: "round(x, digits)", help: { en: "Rounds", "zh-CN": "舍入" }, example: "" }];

function Written({ begin = "", findings = [] }: { begin?: string; findings?: Violation[] }) {
  const [formula, setFormula] = useState(begin);
  return <FormulaInput value={formula} object={opportunity} functions={functions} findings={findings} onChange={setFormula} />;
}

function show(begin?: string, findings?: Violation[]) {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  client.setQueryData(keys.objects, { meta_version: 1, objects: [opportunity, account] });
  render(
    <QueryClientProvider client={client}>
      <MantineProvider>
        <Written begin={begin} findings={findings} />
      </MantineProvider>
    </QueryClientProvider>,
  );
  return screen.getByRole<HTMLTextAreaElement>("combobox");
}

it("is written with the keyboard alone", async () => {
  const user = userEvent.setup();
  const input = show();
  await user.type(input, "acc");
  expect(input.getAttribute("aria-expanded")).toBe("true");
  await user.keyboard("{Enter}.");
  expect(input.value).toBe("account.");
  await user.keyboard("{Tab} * ro{Enter}2");
  expect(input.value).toBe("account.annual_revenue * round(2)");
  expect(input.getAttribute("aria-expanded")).toBe("false");
});

it("offers everything on Ctrl + Space, of which one is chosen with the arrows; Escape puts the list away", async () => {
  const user = userEvent.setup();
  const input = show();
  await user.click(input);
  fireEvent.keyDown(input, { key: " ", ctrlKey: true });
  expect(screen.getAllByRole("option").map((it) => it.textContent)).toEqual(["amountAmount", "accountAccount", "round(x, digits)Rounds"]);
  await user.keyboard("{ArrowDown}");
  const chosen = screen.getByRole("option", { selected: true });
  expect(chosen.textContent).toBe("accountAccount");
  expect(input.getAttribute("aria-activedescendant")).toBe(chosen.id);
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("option")).toBeNull();
  expect(input.value).toBe("");
});

it("underlines what is wrong and says it", () => {
  const input = show("amount + nothing", [{ code: "formula.unknown_field", path: "formula", message: "There is no field “nothing”.", params: { from: 9, to: 16 } }]);
  expect(document.querySelector("mark")?.textContent).toBe("nothing");
  expect(input.getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByText("There is no field “nothing”.").id).toBe(input.getAttribute("aria-describedby")?.split(" ")[1]);
});
