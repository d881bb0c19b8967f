"use client";
import { LogOut, Settings } from "lucide-react";
import { useRouter } from "next/navigation";
import { Menu, MenuItem, MenuLine, MenuNote } from "../ui/menu.tsx";
import { PersonButton } from "./person-button.tsx";
import { usePerson } from "./principal.tsx";

/** Who is signed in, what they may do, and the way out; open at first. */
export function PersonMenu() {
  const { username, role, tenant_id } = usePerson();
  const router = useRouter();
  return (
    <Menu trigger={<PersonButton />} defaultOpen>
      <MenuNote>
        <span className="block font-medium text-text">{username}</span>
        {role} of {tenant_id}
      </MenuNote>
      <MenuLine />
      <MenuItem onSelect={() => router.push("/settings")}>
        <Settings aria-hidden="true" className="size-3.5 text-muted" />
        Settings
      </MenuItem>
      <MenuItem
        onSelect={() => {
          // Loaded by who leaves, not by everyone who comes.
          void import("next-auth/react").then(({ signOut }) => signOut({ callbackUrl: "/login" }));
        }}
      >
        <LogOut aria-hidden="true" className="size-3.5 text-muted" />
        Sign out
      </MenuItem>
    </Menu>
  );
}
