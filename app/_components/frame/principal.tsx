"use client";
import { createContext, type ReactNode, useContext } from "react";
import { may, type Permission, type Role } from "../../../lib/domain/identity.ts";

/** Who is signed in, as the pages need to know it. What a role may do is decided by the server; here it is only shown. */
export interface Person {
  username: string;
  tenant_id: string;
  role: Role;
}

const PersonContext = createContext<Person | undefined>(undefined);

export function PersonProvider({ person, children }: { person: Person; children: ReactNode }) {
  return <PersonContext value={person}>{children}</PersonContext>;
}

export function usePerson(): Person {
  const person = useContext(PersonContext);
  if (person === undefined) throw new Error("usePerson outside of PersonProvider");
  return person;
}

export function useMay(permission: Permission): boolean {
  return may(usePerson().role, permission);
}
