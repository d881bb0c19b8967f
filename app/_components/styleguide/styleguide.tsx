"use client";
import { Segmented } from "../ui/segmented.tsx";
import { setTheme, THEMES } from "../ui/theme.ts";
import { useTheme } from "../ui/use-theme.ts";
import { ChartSheet } from "./charts.tsx";
import { ButtonSheet, FeedbackSheet, FieldSheet, MenuSheet } from "./controls.tsx";
import {
  AlertRowSheet,
  ConnectionSheet,
  HealthSheet,
  SignalSheet,
  TableRowSheet,
  TileSheet,
} from "./signals.tsx";
import { ColourSheet, TypeSheet } from "./tokens.tsx";

/** Every component in every state, in the theme of the page: to look at while one is changed. */
export function Styleguide() {
  return (
    <main className="flex-1 p-4 max-phone:p-3">
      <div className="mb-4 flex flex-wrap items-center gap-4">
        <h1 className="text-20 font-semibold">Components</h1>
        <p className="text-muted">Each in all its states. In development only.</p>
        <Themes />
      </div>
      <div className="grid grid-cols-3 items-start gap-3 max-wide:grid-cols-2 max-phone:grid-cols-1">
        <ConnectionSheet />
        <SignalSheet />
        <HealthSheet />
        <TileSheet />
        <TableRowSheet />
        <AlertRowSheet />
        <ChartSheet />
        <ButtonSheet />
        <FieldSheet />
        <MenuSheet />
        <FeedbackSheet />
        <TypeSheet />
        <ColourSheet />
      </div>
    </main>
  );
}

function Themes() {
  return (
    <Segmented
      label="Theme"
      value={useTheme()}
      onChange={setTheme}
      options={THEMES.map((value) => ({ value, label: value }))}
    />
  );
}
