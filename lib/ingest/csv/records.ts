import { parse } from "csv-parse/sync";
import type { CsvDelimiter } from "../../domain/csv-mapping.ts";
import type { FramedLine } from "./line-framer.ts";

/** One record of a CSV file: its fields, or the defect that makes it unusable. `line` is where it begins. */
export interface CsvRecord {
  line: number;
  /** The line on which it ends: later where a quoted field holds newlines. */
  last_line: number;
  text: string;
  fields?: string[];
  defect?: string;
}

/** A quoted field may hold newlines, but a record that grows past this is a quote that was never closed. */
const MAX_RECORD_LINES = 100;
const MAX_RECORD_BYTES = 64 * 1024;

/**
 * Groups lines into records. Lines without a quote, nearly all of a sensor file, are cut at their delimiters; whatever
 * has one goes through csv-parse. A quote that is never closed costs its own line only: reading goes on with the
 * line after it.
 */
export class RecordAssembler {
  private open: FramedLine[] = [];
  private openBytes = 0;

  constructor(private readonly delimiter: CsvDelimiter = ",") {}

  push(lines: FramedLine[]): CsvRecord[] {
    const records: CsvRecord[] = [];
    for (const line of lines) this.add(line, records);
    return records;
  }

  /** What is left at the end of the file. */
  end(): CsvRecord[] {
    const records: CsvRecord[] = [];
    while (this.open.length > 0) this.giveUpFirst(records);
    return records;
  }

  private add(line: FramedLine, into: CsvRecord[]): void {
    if (this.open.length === 0) {
      const { line: at, text } = line;
      if (line.defect !== undefined) into.push({ line: at, last_line: at, text, defect: line.defect });
      else if (!text.includes('"')) {
        if (text.charCodeAt(0) > 32 || text.trim() !== "")
          into.push({ line: at, last_line: at, text, fields: text.split(this.delimiter) });
      } else if (closed(line.text)) into.push(parsed([line], this.delimiter));
      else this.hold(line);
      return;
    }
    if (
      line.defect !== undefined ||
      this.open.length >= MAX_RECORD_LINES ||
      this.openBytes + line.text.length > MAX_RECORD_BYTES
    ) {
      this.giveUpFirst(into);
      this.add(line, into);
      return;
    }
    this.hold(line);
    if (closed(line.text)) return;
    const record = parsed(this.open, this.delimiter);
    if (record.fields === undefined) this.giveUpFirst(into, record.defect);
    else {
      into.push(record);
      this.reset();
    }
  }

  private hold(line: FramedLine): void {
    this.open.push(line);
    this.openBytes += line.text.length;
  }

  private reset(): void {
    this.open = [];
    this.openBytes = 0;
  }

  /** The first held line has an unclosed quote: it is refused and the others are looked at anew. */
  private giveUpFirst(into: CsvRecord[], defect = "a quote is opened and not closed"): void {
    const [first, ...others] = this.open;
    this.reset();
    into.push({ ...span([first!]), defect });
    for (const line of others) this.add(line, into);
  }
}

/** An even number of quotes: no quoted field reaches over the line's end (RFC 4180). */
function closed(text: string): boolean {
  let even = true;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) even = !even;
  return even;
}

function span(lines: FramedLine[]): { line: number; last_line: number; text: string } {
  return {
    line: lines[0]!.line,
    last_line: lines[lines.length - 1]!.line,
    text: lines.map((line) => line.text).join("\n"),
  };
}

function parsed(lines: FramedLine[], delimiter: CsvDelimiter): CsvRecord {
  const whole = span(lines);
  try {
    const records = parse(whole.text, {
      delimiter,
      relax_column_count: true,
      record_delimiter: "\u0000",
    });
    const fields = records[0];
    if (records.length !== 1 || fields === undefined) return { ...whole, defect: "no single record" };
    return { ...whole, fields };
  } catch (error) {
    return { ...whole, defect: `quoting is wrong: ${(error as Error).message.split(" at line ")[0]}` };
  }
}
