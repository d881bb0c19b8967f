"use client";
import type { Rule } from "../../../lib/domain/rule.ts";
import { useRequest } from "./use-request.ts";

/** The alert rules of the tenant; charts draw their limits. */
export function useRules(): { rules: readonly Rule[] | undefined; error: unknown; reload: () => void } {
  const { data, error, reload } = useRequest<{ rules: Rule[] }>("/api/rules");
  return { rules: data?.rules, error, reload };
}
