/** A key of the keyboard, as shown in help and on buttons. */
export function Key({ children }: { children: string }) {
  return <kbd className="key max-phone:hidden">{children}</kbd>;
}
