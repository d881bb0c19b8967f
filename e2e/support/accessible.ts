import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Breaks no rule of axe, the whole page or what lies `within` a selector; `what` names it where it does. */
export async function expectAccessible(page: Page, what: string, within?: string): Promise<void> {
  const axe = new AxeBuilder({ page });
  const { violations } = await (within === undefined ? axe : axe.include(within)).analyze();
  expect(
    violations.map(
      ({ id, nodes }) => `${what}: ${id} ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`,
    ),
  ).toEqual([]);
}
