import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { Field, Value } from "~/api/types";
import { setLanguage } from "~/i18n";
import { FieldForm } from "./FieldForm";

const fields: Field[] = [
  { key: "name", type: "text", label: { en: "Name", "zh-CN": "名称" }, required: true, unique: false, read_only: false, system: false, sortable: true, filterable: true, access: "write" },
  { key: "rate", type: "percent", label: { en: "Win rate", "zh-CN": "赢率" }, required: false, unique: false, read_only: false, system: false, sortable: true, filterable: true, access: "write" },
];

function draw(values: Record<string, Value> = {}, findings = { byField: {}, general: [] as string[] }) {
  const onChange = vi.fn();
  render(
    <MantineProvider>
      <FieldForm fields={fields} values={values} findings={findings} onChange={onChange} />
    </MantineProvider>,
  );
  return onChange;
}

describe("FieldForm", () => {
  it("draws an input with its label for each field and marks the required one", async () => {
    await setLanguage("en");
    draw({ name: "Acme" });
    expect(screen.getByRole("textbox", { name: /^Name/ })).toHaveProperty("value", "Acme");
    expect(screen.getByRole("textbox", { name: /^Name/ }).getAttribute("aria-required")).toBe("true");
    expect(screen.getByRole("textbox", { name: "Win rate" })).toBeTruthy();
  });

  it("speaks Chinese", async () => {
    await setLanguage("zh-CN");
    draw();
    expect(screen.getByRole("textbox", { name: "赢率" })).toBeTruthy();
    await setLanguage("en");
  });

  it("shows each violation at its field and the rest above them", () => {
    draw({}, { byField: { name: ["Fill in the name."] }, general: ["The record is locked."] });
    const input = screen.getByRole("textbox", { name: /^Name/ });
    const described = (input.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent);
    expect(described).toContain("Fill in the name.");
    expect(screen.getByRole("alert").textContent).toBe("The record is locked.");
  });

  it("hands over numbers as exact text", async () => {
    const onChange = draw();
    await userEvent.type(screen.getByRole("textbox", { name: "Win rate" }), "1,000.50");
    expect(onChange).toHaveBeenLastCalledWith("rate", "1000.50");
  });

  it("says null for a field that has been emptied", async () => {
    const onChange = draw({ name: "x" });
    await userEvent.clear(screen.getByRole("textbox", { name: /^Name/ }));
    expect(onChange).toHaveBeenLastCalledWith("name", null);
  });
});
