import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { runningApp } from "../../lib/runtime/handle.ts";
import { Mark } from "../_components/frame/mark.tsx";
import { safeCallback } from "../_components/login/callback-url.ts";
import { LoginForm } from "../_components/login/login-form.tsx";
import { RunsPicture } from "../_components/login/runs-picture.tsx";
import { Command } from "../_components/ui/command.tsx";
import { currentPrincipal } from "../_server/session.ts";

export const metadata: Metadata = { title: "Sign in" };
export const dynamic = "force-dynamic";

export default async function LoginPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const callbackUrl = safeCallback((await searchParams).callbackUrl);
  if ((await currentPrincipal()) !== undefined) redirect(callbackUrl);
  const app = runningApp();
  const [demo, readiness] = await Promise.all([app.store.tenant("demo"), app.readiness()]);
  const failing = Object.entries(readiness.parts).filter(([, part]) => !part.ok && !part.degraded);
  return (
    <div className="grid min-h-dvh grid-cols-[27.5rem_minmax(0,1fr)] max-pane:grid-cols-1">
      <main className="flex flex-col border-r border-line-strong bg-surface px-14 py-12 max-pane:mx-auto max-pane:w-full max-pane:max-w-[27.5rem] max-pane:border-0 max-phone:px-6 max-phone:py-8">
        <Mark />
        <h1 className="mt-18 text-20 font-semibold max-phone:mt-10">Sign in</h1>
        <LoginForm callbackUrl={callbackUrl} />
        {demo !== undefined && (
          <div className="mt-7 grid gap-2 text-12 text-muted">
            <p>
              Users of the demo: <code className="font-mono">admin@demo</code>,{" "}
              <code className="font-mono">operator@demo</code>, <code className="font-mono">viewer@demo</code>
              . Their password was printed once, at the first start. For a new one:
            </p>
            <Command text="npx foresight user passwd admin@demo" />
          </div>
        )}
        <div className="mt-auto pt-10 text-12 text-muted">
          {failing.length === 0 ? (
            <p className="flex items-center gap-1.5">
              <span className="size-2 rounded-full bg-muted" aria-hidden="true" />
              Server ready
            </p>
          ) : (
            <p className="text-warning">
              Not ready: {failing.map(([name, part]) => `${name} (${part.detail})`).join(", ")}
            </p>
          )}
        </div>
      </main>
      <aside aria-label="Runs to failure" className="max-pane:hidden">
        <RunsPicture />
      </aside>
    </div>
  );
}
