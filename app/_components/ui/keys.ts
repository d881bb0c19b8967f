const STORED = "foresight-single-keys";

/** Whether a key press belongs to a field, a menu or a browser shortcut, and not to the page. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  const target = event.target;
  return (
    target instanceof HTMLElement &&
    target.closest(
      "input,textarea,select,[contenteditable=true],[role=menu],[role=listbox],[role=dialog]",
    ) !== null
  );
}

/** ⌘Z or Ctrl Z outside of a field, where it undoes what was typed. */
export function isUndo(event: KeyboardEvent): boolean {
  return (
    (event.ctrlKey || event.metaKey) &&
    !event.shiftKey &&
    !event.altKey &&
    event.key.toLowerCase() === "z" &&
    !event.defaultPrevented &&
    !(event.target instanceof HTMLElement && event.target.closest("input,textarea,[contenteditable=true]"))
  );
}

/** Single-key shortcuts can be switched off (WCAG 2.1.4). */
export function singleKeysOn(): boolean {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true;
  }
}

export function setSingleKeys(on: boolean): void {
  try {
    if (on) localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, "off");
  } catch {
    // A browser that keeps nothing keeps them on.
  }
}
