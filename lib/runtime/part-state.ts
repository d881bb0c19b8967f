import type { PartState } from "./handle.ts";

/** Whoever asks `/readyz` wants an answer, also where a part gives none. */
const ANSWER_WITHIN_MS = 2_000;

/** How a part is, by a question that it answers in words: not ok where it fails, or takes too long. */
export async function partState(
  ask: () => Promise<string>,
  within_ms: number = ANSWER_WITHIN_MS,
): Promise<PartState> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<PartState>((resolve) => {
    timer = setTimeout(
      () => resolve({ ok: false, detail: `gives no answer within ${within_ms / 1_000} s` }),
      within_ms,
    );
  });
  const told = async (): Promise<PartState> => {
    try {
      return { ok: true, detail: await ask() };
    } catch (error) {
      return { ok: false, detail: error instanceof Error ? error.message : String(error) };
    }
  };
  try {
    return await Promise.race([told(), late]);
  } finally {
    clearTimeout(timer);
  }
}
