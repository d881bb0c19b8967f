/** What a route answered with when it refused (RFC 9457), or that it did not answer at all (`code` "offline"). */
export class ApiError extends Error {
  override readonly name = "ApiError";
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retry_after_s?: number,
    readonly errors: { path: string; message: string }[] = [],
  ) {
    super(message);
  }
}

interface Problem {
  type?: string;
  code?: string;
  title?: string;
  detail?: string;
  errors?: { path: string; message: string }[];
}

/** The last part of a problem's `type` is its code: `…/problems/not_found`. */
function codeOf(problem: Problem, status: number): string {
  return problem.code ?? problem.type?.split(/[/#:]/).pop() ?? String(status);
}

async function errorOf(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as Problem;
  const retry = Number(response.headers.get("retry-after"));
  return new ApiError(
    response.status,
    codeOf(problem, response.status),
    problem.detail ?? problem.title ?? `The server answered ${response.status}.`,
    Number.isFinite(retry) && retry > 0 ? retry : undefined,
    problem.errors,
  );
}

/**
 * Asks a route of this server and gives its JSON. Where the session is over it leads to the login and back.
 * @throws ApiError
 */
export async function request<Answer>(
  path: string,
  options: { method?: string; body?: unknown; signal?: AbortSignal } = {},
): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: options.method ?? "GET",
      headers: {
        accept: "application/json",
        ...(options.body !== undefined && { "content-type": "application/json" }),
      },
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
      ...(options.signal && { signal: options.signal }),
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError(0, "offline", "The server does not answer.");
  }
  if (response.status === 401) {
    const back = encodeURIComponent(window.location.pathname + window.location.search);
    window.location.assign(`/login?callbackUrl=${back}`);
  }
  if (!response.ok) throw await errorOf(response);
  if (response.status === 204) return undefined as Answer;
  return (await response.json()) as Answer;
}

/** A sentence for people, whatever was thrown. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function codeOfError(error: unknown): string | undefined {
  return error instanceof ApiError
    ? error.status === 0
      ? error.code
      : `${error.status} ${error.code}`
    : undefined;
}
