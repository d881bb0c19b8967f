import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Breaks no rule of axe; `what` names it where it does. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map(
      ({ id, nodes }) => `${what}: ${id} ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`,
    ),
  ).toEqual([]);
}
