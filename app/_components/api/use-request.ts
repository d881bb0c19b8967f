"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { request } from "./request.ts";

export interface Loaded<Answer> {
  data: Answer | undefined;
  error: unknown;
  loading: boolean;
  reload: () => void;
  /** Changes what is held, without asking. */
  set: (change: (held: Answer | undefined) => Answer | undefined) => void;
}

/** Loads a route's answer and keeps what it had while it loads again; `undefined` asks nothing. */
export function useRequest<Answer>(path: string | undefined): Loaded<Answer> {
  const [state, setState] = useState<{ path?: string; data?: Answer; error?: unknown; loading: boolean }>({
    loading: path !== undefined,
  });
  const [round, setRound] = useState(0);
  const held = useRef(path);
  held.current = path;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` asks again
  useEffect(() => {
    if (path === undefined) return;
    const stop = new AbortController();
    setState((before) => ({ ...before, loading: true }));
    request<Answer>(path, { signal: stop.signal }).then(
      (data) => setState({ path, data, loading: false }),
      (error: unknown) => {
        if (!stop.signal.aborted) setState((before) => ({ ...before, error, loading: false }));
      },
    );
    return () => stop.abort();
  }, [path, round]);

  const reload = useCallback(() => setRound((before) => before + 1), []);
  const set = useCallback((change: (before: Answer | undefined) => Answer | undefined) => {
    setState((before) => {
      const data = change(before.data);
      return { ...before, ...(data !== undefined && { data }) };
    });
  }, []);
  return { data: state.data, error: state.error, loading: state.loading, reload, set };
}
