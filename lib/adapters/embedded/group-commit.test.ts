import { describe, expect, it } from "vitest";
import { GroupCommit } from "./group-commit.ts";

/** Commits that end when the test says so. */
function controlled(limits = { waiting: 1_000, group: 10 }) {
  const groups: { items: number[]; end: (error?: Error) => void }[] = [];
  const commits = new GroupCommit<number, string>(
    (items) =>
      new Promise((resolve, reject) => {
        groups.push({
          items,
          end: (error) => (error === undefined ? resolve(items.map((n) => `done ${n}`)) : reject(error)),
        });
      }),
    limits,
  );
  return { groups, commits };
}

describe("a group commit", () => {
  it("commits at once what comes first, and together what comes meanwhile, in order", async () => {
    const { groups, commits } = controlled();
    const first = commits.add(1, 1);
    await expect.poll(() => groups.length).toBe(1);
    const others = [2, 3, 4].map((n) => commits.add(n, 1));
    groups[0]!.end();
    expect(await first).toBe("done 1");
    await expect.poll(() => groups.length).toBe(2);
    expect(groups[1]!.items).toEqual([2, 3, 4]);
    groups[1]!.end();
    expect(await Promise.all(others)).toEqual(["done 2", "done 3", "done 4"]);
  });

  it("keeps a group within its bound, but takes a single one that is larger", async () => {
    const { groups, commits } = controlled();
    const all = [6, 6, 25, 1].map((weight, n) => commits.add(n, weight));
    for (let i = 0; i < 4; i++) {
      await expect.poll(() => groups.length).toBe(i + 1);
      groups[i]!.end();
    }
    await Promise.all(all);
    expect(groups.map(({ items }) => items)).toEqual([[0], [1], [2], [3]]);
  });

  it("rejects those of a group that fails and none of the next", async () => {
    const { groups, commits } = controlled();
    const first = commits.add(1, 10);
    const second = commits.add(2, 10);
    await expect.poll(() => groups.length).toBe(1);
    groups[0]!.end(new Error("full"));
    await expect(first).rejects.toThrow("full");
    await expect.poll(() => groups.length).toBe(2);
    groups[1]!.end();
    expect(await second).toBe("done 2");
  });

  it("refuses what exceeds the bound until there is room, and everything once closed", async () => {
    const { groups, commits } = controlled({ waiting: 10, group: 10 });
    const first = commits.add(1, 8);
    await expect(commits.add(2, 3)).rejects.toMatchObject({
      code: "unavailable",
      options: { retry_after_s: 1 },
    });
    await expect.poll(() => groups.length).toBe(1);
    groups[0]!.end();
    await first;
    const last = commits.add(3, 3);
    const closed = commits.close();
    await expect(commits.add(4, 1)).rejects.toMatchObject({ code: "shutting_down" });
    await expect.poll(() => groups.length).toBe(2);
    groups[1]!.end();
    await closed;
    expect(await last).toBe("done 3");
  });
});
