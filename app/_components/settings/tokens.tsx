"use client";
import { type FormEvent, useState } from "react";
import type { TokenRecord } from "../../../lib/domain/account.ts";
import { ROLES, type Role } from "../../../lib/domain/identity.ts";
import { request, sentenceOf } from "../api/request.ts";
import { useRequest } from "../api/use-request.ts";
import { usePerson } from "../frame/principal.tsx";
import { When, ZoneOf } from "../ui/age.tsx";
import { Button } from "../ui/button.tsx";
import { Command } from "../ui/command.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Empty, Note } from "../ui/notes.tsx";
import { Select } from "../ui/select.tsx";
import { Table, Td, Th } from "../ui/table.tsx";
import { toast } from "../ui/toast.tsx";
import { useNow } from "../ui/use-now.ts";
import { WhenLoaded } from "./loaded.tsx";
import { Section } from "./section.tsx";

type WireToken = Omit<TokenRecord, "created_at" | "expires_at"> & { created_at: string; expires_at: string };

const LIVES = [
  { value: "3600", label: "1 hour" },
  { value: "86400", label: "1 day" },
  { value: "604800", label: "1 week" },
  { value: "2592000", label: "30 days" },
  { value: "31536000", label: "1 year" },
] as const;

export function Tokens() {
  const loaded = useRequest<{ tokens: WireToken[] }>("/api/tokens");
  const [adding, setAdding] = useState(false);
  const { tenant_id } = usePerson();
  const now = useNow();

  const revoke = async (token: WireToken) => {
    try {
      await request(`/api/tokens/${encodeURIComponent(token.jti)}`, { method: "DELETE" });
      toast({ kind: "resolved", title: `${token.name} revoked`, detail: "Its sockets close within 5 s." });
      loaded.reload();
    } catch (error) {
      toast({ kind: "critical", title: `${token.name} not revoked`, detail: sentenceOf(error) });
    }
  };

  return (
    <Section
      id="tokens"
      title="Tokens"
      note="For programs that post readings or listen. A token is shown once, when it is minted."
      action={
        <Button look="primary" onClick={() => setAdding(true)}>
          Mint a token
        </Button>
      }
    >
      <WhenLoaded loaded={loaded} what="tokens">
        {({ tokens }) =>
          tokens.length === 0 ? (
            <div className="p-4">
              <Empty title="No tokens yet">
                <p>Mint one here, or on the machine itself, for a program that posts readings:</p>
                <Command text={`npx foresight token --tenant ${tenant_id} --role ingest`} />
              </Empty>
            </div>
          ) : (
            <Table label="Tokens">
              <thead>
                <tr>
                  <Th>Name</Th>
                  <Th>Role</Th>
                  <Th>Minted by</Th>
                  <Th>
                    Minted
                    <ZoneOf />
                  </Th>
                  <Th>
                    Expires
                    <ZoneOf />
                  </Th>
                  <Th>
                    <span className="sr-only">Actions</span>
                  </Th>
                </tr>
              </thead>
              <tbody>
                {tokens.map((token) => {
                  const over = token.revoked || (now > 0 && Date.parse(token.expires_at) <= now);
                  return (
                    <tr key={token.jti} className={over ? "text-muted" : undefined}>
                      <Td className="min-w-36 font-medium [overflow-wrap:anywhere]">{token.name}</Td>
                      <Td>{token.role}</Td>
                      <Td className="text-muted">{token.created_by}</Td>
                      <Td>
                        <When at={Date.parse(token.created_at)} zone={false} />
                      </Td>
                      <Td>
                        {token.revoked ? (
                          "revoked"
                        ) : over ? (
                          "expired"
                        ) : (
                          <When at={Date.parse(token.expires_at)} zone={false} />
                        )}
                      </Td>
                      <Td className="text-right">
                        {!over && (
                          <Button
                            size="small"
                            look="danger"
                            aria-label={`Revoke ${token.name}`}
                            onClick={() => void revoke(token)}
                          >
                            Revoke
                          </Button>
                        )}
                      </Td>
                    </tr>
                  );
                })}
              </tbody>
            </Table>
          )
        }
      </WhenLoaded>
      <MintDialog
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

function MintDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const [role, setRole] = useState<Role>("ingest");
  const [life, setLife] = useState<(typeof LIVES)[number]["value"]>("86400");
  const [name, setName] = useState("");
  const [token, setToken] = useState<string>();
  const [error, setError] = useState<string>();

  const mint = async (event: FormEvent) => {
    event.preventDefault();
    setError(undefined);
    try {
      const answer = await request<{ token: string }>("/api/tokens", {
        method: "POST",
        body: { name: name.trim(), role, ttl_s: Number(life) },
      });
      setToken(answer.token);
    } catch (failure) {
      setError(sentenceOf(failure));
    }
  };

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={token === undefined ? "Mint a token" : "The token, this once"}
      description={
        token === undefined
          ? "Give the program only the role that it needs."
          : "Copy it now: it is not kept and cannot be shown again."
      }
    >
      {token !== undefined ? (
        <div className="grid gap-3">
          <Command text={token} label="Copy the token" wrap />
          <Button look="primary" className="justify-self-end" onClick={() => onOpenChange(false)}>
            Done
          </Button>
        </div>
      ) : (
        <form onSubmit={(event) => void mint(event)} className="grid gap-3">
          {error && (
            <Note kind="critical" title="Not minted." live>
              {error}
            </Note>
          )}
          <Field label="Name" hint="Says later what it is for.">
            {(props) => (
              <Input
                {...props}
                required
                maxLength={100}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <div className="grid grid-cols-2 gap-3">
            <Field label="Role" hint={role === "ingest" ? "Only posts readings." : undefined}>
              {(props) => (
                <Select
                  {...props}
                  value={role}
                  onChange={setRole}
                  options={[...ROLES].reverse().map((value) => ({ value, label: value }))}
                />
              )}
            </Field>
            <Field label="Lives for">
              {(props) => <Select {...props} value={life} onChange={setLife} options={LIVES} />}
            </Field>
          </div>
          <Button type="submit" look="primary" className="justify-self-end" disabled={name.trim() === ""}>
            Mint
          </Button>
        </form>
      )}
    </Dialog>
  );
}
