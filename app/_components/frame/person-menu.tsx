"use client";
import { LogOut, Settings } from "lucide-react";
import { useRouter } from "next/navigation";
import { Menu, MenuItem, MenuLine, MenuNote } from "../ui/menu.tsx";
import { usePerson } from "./principal.tsx";

export function PersonMenu() {
  const { username, role, tenant_id } = usePerson();
  const router = useRouter();
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={`${username}: account`}
          className="grid size-7 place-items-center rounded-2 border border-line-strong bg-raised text-10 font-semibold text-muted hover:border-control hover:text-text max-phone:size-9 max-phone:text-11"
        >
          {username.slice(0, 2).toUpperCase()}
        </button>
      }
    >
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
