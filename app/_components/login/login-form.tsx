"use client";
import { signIn } from "next-auth/react";
import { type FormEvent, useState } from "react";
import { Button } from "../ui/button.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Note } from "../ui/notes.tsx";
import { useMounted } from "../ui/use-mounted.ts";
import { safeCallback } from "./callback-url.ts";

type Failure = { title: string; detail: string };

/** next-auth answers with a code of ours, or with its own `CredentialsSignin` for a wrong pair. */
function failureOf(error: string, status: number): Failure {
  if (status === 429 || /rate|throttl|too.?many/i.test(error)) {
    const seconds = /(\d+)/.exec(error)?.[1];
    return {
      title: "Too many attempts.",
      detail: seconds ? `Try again in ${seconds} s.` : "Wait a minute, then try again.",
    };
  }
  if (error === "CredentialsSignin" || status === 401)
    return { title: "Username or password is wrong.", detail: "Check both and try again." };
  return {
    title: "Signing in did not work.",
    detail: "The server had an error. Try again; if it stays, run npx foresight doctor.",
  };
}

export function LoginForm({ callbackUrl }: { callbackUrl: string }) {
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(false);
  // Before the page has taken over, a submit would be the browser's own and go nowhere.
  const mounted = useMounted();

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const form = event.currentTarget;
    const fields = new FormData(form);
    const username = String(fields.get("username") ?? "").trim();
    const password = String(fields.get("password") ?? "");
    if (username === "" || password === "") {
      setFailure({ title: "Both fields are needed.", detail: "Enter username and password." });
      (form.elements.namedItem(username === "" ? "username" : "password") as HTMLInputElement).focus();
      return;
    }
    setBusy(true);
    setFailure(undefined);
    try {
      const answer = await signIn("credentials", { username, password, redirect: false });
      if (answer?.ok && !answer.error) {
        window.location.assign(safeCallback(callbackUrl, window.location.origin));
        return;
      }
      setFailure(failureOf(answer?.error ?? "", answer?.status ?? 0));
    } catch {
      setFailure({
        title: "The server does not answer.",
        detail: navigator.onLine
          ? "Check that FORESIGHT is running, then try again."
          : "This device is offline. Try again when it is back.",
      });
    }
    setBusy(false);
    const field = form.elements.namedItem("password") as HTMLInputElement;
    field.focus();
    field.select();
  };

  return (
    <form method="post" onSubmit={(event) => void submit(event)} noValidate className="mt-7 grid gap-4">
      {failure && (
        <Note kind="critical" title={failure.title} live>
          {failure.detail}
        </Note>
      )}
      <Field label="Username">
        {(props) => (
          <Input
            {...props}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            {...(failure && { "aria-invalid": true })}
          />
        )}
      </Field>
      <Field label="Password">
        {(props) => (
          <Input
            {...props}
            name="password"
            type="password"
            autoComplete="current-password"
            required
            {...(failure && { "aria-invalid": true })}
          />
        )}
      </Field>
      <Button
        type="submit"
        look="primary"
        size="large"
        disabled={!mounted}
        className="disabled:border-solid disabled:border-ink disabled:bg-ink disabled:text-on-ink"
      >
        {busy ? "Signing in …" : "Sign in"}
      </Button>
    </form>
  );
}
