import { type Command, InvalidArgumentError } from "commander";
import {
  type DeadLetter,
  type DeadLetterAccess,
  listDeadLetters,
  replayDeadLetters,
} from "../../adapters/kafka/dead-letter-queue.ts";
import { ForesightError } from "../../domain/errors.ts";
import { formatTimestamp } from "../../domain/time.ts";
import { readPlaces } from "../config.ts";
import { createLogger } from "../logger.ts";

/** @throws ForesightError `invalid_request` where there is no Kafka and so no dead letters */
function access(): DeadLetterAccess {
  const { servers, log_level } = readPlaces();
  if (servers === undefined)
    throw new ForesightError(
      "invalid_request",
      "Dead letters are kept in Kafka: set KAFKA_BROKERS and MONGODB_URI. Without Kafka, what cannot be read is refused when it comes in.",
    );
  const { topic_prefix } = servers.kafka;
  return {
    connection: { ...servers.kafka, client_id: "foresight-dlq" },
    ...(topic_prefix !== undefined && { topic_prefix }),
    logger: createLogger(log_level),
  };
}

/** Only of printable characters: a value is anybody's bytes, and a terminal obeys some of them. */
const printable = (bytes: Buffer | null): string | null =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  bytes === null ? null : bytes.toString("utf8").replace(/[\u0000-\u001f\u007f-\u009f]/g, "\ufffd");

const toJson = ({ at, key, value, ...letter }: DeadLetter) => ({
  ...letter,
  at: formatTimestamp(at),
  key: printable(key),
  value: printable(value),
});

function id(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("expected a number as `dlq list` shows it");
  return Number(text);
}

async function chosen(from: DeadLetterAccess, wanted: readonly number[]): Promise<DeadLetter[]> {
  const letters = await listDeadLetters(from);
  const found = letters.filter((letter) => wanted.includes(letter.id));
  const missing = wanted.find((one) => !found.some((letter) => letter.id === one));
  if (missing !== undefined) throw new ForesightError("not_found", `There is no dead letter ${missing}.`);
  return found;
}

export function registerDeadLetters(program: Command): void {
  const dlq = program
    .command("dlq")
    .description("records of sensor_readings that could not be read (topic sensor_readings.dlq)");

  dlq
    .command("list")
    .description("list them: number, when, from where, why")
    .option("--json", "as JSON lines, with key and value")
    .addHelpText("after", "\nExample:\n  foresight dlq list\n")
    .action(async (options: { json?: boolean }) => {
      const letters = await listDeadLetters(access());
      for (const letter of letters)
        if (options.json) process.stdout.write(`${JSON.stringify(toJson(letter))}\n`);
        else {
          const { topic, partition, offset, last_offset, reason } = letter;
          const place = `${topic}/${partition}/${offset}${last_offset === undefined ? "" : `-${last_offset}`}`;
          process.stdout.write(`${letter.id}\t${formatTimestamp(letter.at)}\t${place}\t${reason}\n`);
        }
      if (letters.length === 0) process.stderr.write("There are no dead letters.\n");
    });

  dlq
    .command("show <number>")
    .description("show one as JSON, with its key and value")
    .addHelpText("after", "\nExample:\n  foresight dlq show 12\n")
    .action(async (number: string) => {
      const [letter] = await chosen(access(), [id(number)]);
      process.stdout.write(`${JSON.stringify(toJson(letter!), null, 2)}\n`);
    });

  dlq
    .command("replay [numbers...]")
    .description("send them to sensor_readings again; what still cannot be read comes back")
    .option("--all", "every one that is kept")
    .addHelpText("after", "\nExample, after the reason was mended:\n  foresight dlq replay 12 13\n")
    .action(async (numbers: string[], options: { all?: boolean }) => {
      if (numbers.length > 0 === (options.all === true))
        throw new ForesightError("invalid_request", "Name the dead letters to replay, or --all.");
      const from = access();
      const letters = options.all ? await listDeadLetters(from) : await chosen(from, numbers.map(id));
      const { replayed, left } = await replayDeadLetters(from, letters);
      process.stderr.write(
        `Replayed ${replayed}${left > 0 ? `; ${left} were not kept whole and cannot be` : ""}.\n`,
      );
    });
}
