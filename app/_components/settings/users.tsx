"use client";
import { type FormEvent, useState } from "react";
import type { Role } from "../../../lib/domain/identity.ts";
import { request, sentenceOf } from "../api/request.ts";
import { useRequest } from "../api/use-request.ts";
import { usePerson } from "../frame/principal.tsx";
import { When, ZoneOf } from "../ui/age.tsx";
import { Button } from "../ui/button.tsx";
import { Command } from "../ui/command.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Note } from "../ui/notes.tsx";
import { Select } from "../ui/select.tsx";
import { Table, Td, Th } from "../ui/table.tsx";
import { toast } from "../ui/toast.tsx";
import { WhenLoaded } from "./loaded.tsx";
import { Section } from "./section.tsx";

interface WireUser {
  username: string;
  role: Role;
  disabled: boolean;
  created_at: string;
}

const PERSON_ROLES = (["viewer", "operator", "admin"] as const).map((value) => ({
  value: value as Role,
  label: value,
}));

export function Users() {
  const me = usePerson().username;
  const loaded = useRequest<{ users: WireUser[] }>("/api/users");
  const [adding, setAdding] = useState(false);

  const change = async (
    user: WireUser,
    part: Partial<Pick<WireUser, "role" | "disabled">>,
    undone = false,
  ) => {
    try {
      await request(`/api/users/${encodeURIComponent(user.username)}`, { method: "PATCH", body: part });
      loaded.reload();
      const before = part.role !== undefined ? { role: user.role } : { disabled: user.disabled };
      toast({
        kind: "resolved",
        title: `${user.username} is ${part.role ?? (part.disabled ? "disabled" : "enabled")}`,
        detail: "The person's sessions have ended.",
        ...(!undone && {
          action: { label: "Undo", run: () => void change({ ...user, ...part }, before, true) },
        }),
      });
    } catch (error) {
      toast({ kind: "critical", title: `${user.username} not changed`, detail: sentenceOf(error) });
    }
  };

  return (
    <Section
      id="users"
      title="People"
      note="A viewer reads; an operator also acts on alerts and uploads; an admin also changes rules, people and tokens."
      action={<Button onClick={() => setAdding(true)}>Add a person</Button>}
    >
      <WhenLoaded loaded={loaded} what="people">
        {({ users }) => (
          <Table label="People">
            <thead>
              <tr>
                <Th>Username</Th>
                <Th>Role</Th>
                <Th>State</Th>
                <Th>
                  Since
                  <ZoneOf />
                </Th>
                <Th>
                  <span className="sr-only">Actions</span>
                </Th>
              </tr>
            </thead>
            <tbody>
              {users.map((user) => (
                <tr key={user.username} className={user.disabled ? "text-muted" : undefined}>
                  <Td className="min-w-36 font-medium [overflow-wrap:anywhere]">
                    {user.username}
                    {user.username === me && <span className="font-normal text-muted"> (you)</span>}
                  </Td>
                  <Td>
                    <Select
                      aria-label={`Role of ${user.username}`}
                      value={user.role}
                      disabled={user.username === me}
                      onChange={(role) => void change(user, { role })}
                      options={PERSON_ROLES}
                      className="h-7 w-28 text-12"
                    />
                  </Td>
                  <Td>{user.disabled ? "Disabled" : "Enabled"}</Td>
                  <Td>
                    <When at={Date.parse(user.created_at)} zone={false} />
                  </Td>
                  <Td className="text-right">
                    {user.username !== me && (
                      <Button
                        size="small"
                        look={user.disabled ? "plain" : "danger"}
                        aria-label={`${user.disabled ? "Enable" : "Disable"} ${user.username}`}
                        onClick={() => void change(user, { disabled: !user.disabled })}
                      >
                        {user.disabled ? "Enable" : "Disable"}
                      </Button>
                    )}
                  </Td>
                </tr>
              ))}
            </tbody>
          </Table>
        )}
      </WhenLoaded>
      <AddDialog
        key={String(adding)}
        open={adding}
        onOpenChange={(open) => {
          setAdding(open);
          if (!open) loaded.reload();
        }}
      />
    </Section>
  );
}

function AddDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [generated, setGenerated] = useState<string>();
  const [error, setError] = useState<string>();

  const add = async (event: FormEvent) => {
    event.preventDefault();
    setError(undefined);
    try {
      const answer = await request<{ password?: string }>("/api/users", {
        method: "POST",
        body: { username: username.trim(), role, ...(password !== "" && { password }) },
      });
      if (answer.password === undefined) onOpenChange(false);
      else setGenerated(answer.password);
    } catch (failure) {
      setError(sentenceOf(failure));
    }
  };

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={generated === undefined ? "Add a person" : `The password of ${username}, this once`}
      {...(generated !== undefined && {
        description: "Copy it now: it is not kept and cannot be shown again.",
      })}
    >
      {generated !== undefined ? (
        <div className="grid gap-3">
          <Command text={generated} label="Copy the password" wrap />
          <Button look="primary" className="justify-self-end" onClick={() => onOpenChange(false)}>
            Done
          </Button>
        </div>
      ) : (
        <form onSubmit={(event) => void add(event)} className="grid gap-3">
          {error && (
            <Note kind="critical" title="Not added." live>
              {error}
            </Note>
          )}
          <Field label="Username">
            {(props) => (
              <Input
                {...props}
                required
                maxLength={100}
                autoComplete="off"
                value={username}
                onChange={(event) => setUsername(event.target.value)}
              />
            )}
          </Field>
          <Field label="Role">
            {(props) => <Select {...props} value={role} onChange={setRole} options={PERSON_ROLES} />}
          </Field>
          <Field label="Password" hint="At least 8 characters; empty: one is generated and shown once.">
            {(props) => (
              <Input
                {...props}
                type="password"
                minLength={8}
                autoComplete="new-password"
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
            )}
          </Field>
          <Button type="submit" look="primary" className="justify-self-end" disabled={username.trim() === ""}>
            Add
          </Button>
        </form>
      )}
    </Dialog>
  );
}
