"use client";
import { Download, X } from "lucide-react";
import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { Checkbox, LabelledCheckbox } from "../ui/checkbox.tsx";
import { Command } from "../ui/command.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Failure } from "../ui/failure.tsx";
import { Field, Input, Textarea } from "../ui/field.tsx";
import { Key } from "../ui/key.tsx";
import { KeyList } from "../ui/key-list.tsx";
import { Menu, MenuChoice, MenuItem, MenuLine, MenuNote } from "../ui/menu.tsx";
import { Empty, Note } from "../ui/notes.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { Select } from "../ui/select.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { Table, Td, Th } from "../ui/table.tsx";
import { toast } from "../ui/toast.tsx";
import { Row, Sheet } from "./sheet.tsx";

const LOOKS = ["primary", "plain", "ghost", "danger"] as const;
const SIZES = ["large", "normal", "small"] as const;
const RANGES = ["1h", "6h", "24h"] as const;
const nothing = () => undefined;

export function ButtonSheet() {
  const [range, setRange] = useState<(typeof RANGES)[number]>("6h");
  return (
    <Sheet title="Buttons" note="three sizes; larger on touch">
      {SIZES.map((size) => (
        <Row key={size}>
          {LOOKS.map((look) => (
            <Button key={look} look={look} size={size}>
              {look}
            </Button>
          ))}
          <Button size={size} disabled>
            disabled
          </Button>
          <Button size={size} icon aria-label={`Close, ${size}`}>
            <X aria-hidden="true" className="size-3.5" />
          </Button>
        </Row>
      ))}
      <Row>
        <Button>
          <Download aria-hidden="true" className="size-3.5" /> with an icon
        </Button>
        <Button>
          with its key <Key>A</Key>
        </Button>
        <Segmented
          label="Range"
          value={range}
          onChange={setRange}
          options={RANGES.map((value) => ({ value, label: value }))}
        />
        <Segmented
          label="Range, off"
          value={range}
          onChange={setRange}
          disabled
          options={RANGES.map((value) => ({ value, label: value }))}
        />
      </Row>
    </Sheet>
  );
}

export function FieldSheet() {
  const [choice, setChoice] = useState("one");
  const options = ["one", "two", "three"].map((value) => ({ value, label: value }));
  return (
    <Sheet title="Fields" note="label above, hint and error below">
      <Field label="Empty" hint="What to write here">
        {(props) => <Input {...props} placeholder="Placeholder" />}
      </Field>
      <Field label="Wrong" error="Limit must be between 1 300 and 1 500 °R">
        {(props) => <Input {...props} defaultValue="9999" />}
      </Field>
      <Field label="Off">{(props) => <Input {...props} disabled defaultValue="not to be changed" />}</Field>
      <Field label="Several lines">
        {(props) => <Textarea {...props} defaultValue={"One step\na line"} />}
      </Field>
      <Field label="Choice">
        {(props) => <Select {...props} value={choice} onChange={setChoice} options={options} />}
      </Field>
      <Row>
        <Select caption="Filter" value={choice} onChange={setChoice} options={options} />
        <LabelledCheckbox label="off" />
        <LabelledCheckbox label="on" defaultChecked />
        <Checkbox checked="indeterminate" aria-label="some" />
        <LabelledCheckbox label="disabled" disabled />
      </Row>
    </Sheet>
  );
}

export function MenuSheet() {
  const [open, setOpen] = useState(false);
  return (
    <Sheet title="Menu, dialog, keys" note="each opens">
      <Row>
        <Menu align="start" trigger={<Button>Menu</Button>}>
          <MenuNote>A note</MenuNote>
          <MenuItem>Acknowledge</MenuItem>
          <MenuItem disabled>Not now</MenuItem>
          <MenuLine />
          <MenuChoice checked onSelect={nothing}>
            Chosen
          </MenuChoice>
          <MenuChoice checked={false} onSelect={nothing}>
            Not chosen
          </MenuChoice>
        </Menu>
        <Button onClick={() => setOpen(true)}>Dialog</Button>
        <Dialog open={open} onOpenChange={setOpen} title="Title" description="What is to be decided">
          <Button look="primary" onClick={() => setOpen(false)}>
            Do it
          </Button>
        </Dialog>
        <Key>⌘K</Key>
      </Row>
      <KeyList
        keys={[
          { keys: ["J", "K"], does: "next, previous" },
          { keys: ["?"], does: "all keys" },
        ]}
      />
      <Table label="Table">
        <thead>
          <tr>
            <Th>Name</Th>
            <Th className="text-right">Value</Th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <Td>T50</Td>
            <Td className="text-right">1 425.4</Td>
          </tr>
        </tbody>
      </Table>
    </Sheet>
  );
}

export function FeedbackSheet() {
  return (
    <Sheet title="Feedback" note="what failed, what still works, what to do">
      <Row>
        {(["resolved", "info", "warning", "critical"] as const).map((kind) => (
          <Button
            key={kind}
            onClick={() =>
              toast({
                kind,
                title: `A notice of kind ${kind}`,
                detail: "Undo for 8 s",
                action: { label: "Undo", run: nothing },
              })
            }
          >
            Notice: {kind}
          </Button>
        ))}
      </Row>
      {(["critical", "warning", "info", "stale", "resolved"] as const).map((kind) => (
        <Note key={kind} kind={kind} title="What happened.">
          What still works, and what to do.
        </Note>
      ))}
      <Failure title="The store does not answer." error={new Error("Trying again in 4 s.")} onRetry={nothing}>
        Live values still arrive.
      </Failure>
      <Empty title="No assets yet">
        <p>Stream a file or start the demo plant.</p>
        <Command text="npx foresight start --demo" />
      </Empty>
      <SkeletonRows rows={3} />
    </Sheet>
  );
}
