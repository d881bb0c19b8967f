import type { Command } from "commander";
import { ForesightError } from "../../../domain/errors.ts";
import { installModel } from "../../../health/life/installed-model.ts";
import { modelId, parseModel } from "../../../health/life/model-file.ts";
import type { CommandIo } from "../../../ingest/command-io.ts";
import type { Store } from "../../../ports/store.ts";
import { withStore } from "../with-store.ts";
import { textOf } from "./read-runs.ts";

interface Options {
  tenant: string;
  assetType: string;
  dataDir?: string;
  json?: boolean;
}

const FOLDER = ["--data-dir <folder>", "data directory (DATA_DIR, ./data)"] as const;

/** Registers `model install`, `list` and `remove`. */
export function registerModel(program: Command, io: CommandIo): Command {
  const model = program.command("model").description("which models of remaining life judge which assets");

  model
    .command("install <file>")
    .description("let a model judge a tenant's assets of a type; a running server takes it within 2 s")
    .requiredOption("--tenant <id>", "the tenant")
    .requiredOption("--asset-type <type>", "the type of asset that it judges")
    .option(...FOLDER)
    .addHelpText(
      "after",
      "\nExample:\n  foresight model install engine.model.json --tenant demo --asset-type engine\n",
    )
    .action(async (path: string, options: Options) => {
      const text = await textOf(path);
      const file = parseModel(text, path);
      installModel(file);
      await withStore(options, async (store) => {
        await known(store, options.tenant);
        await store.putModel(options.tenant, {
          asset_type: options.assetType,
          model_id: modelId(file),
          installed_at: io.clock.now(),
          file: text,
        });
      });
      io.stderr.write(
        `${modelId(file)} judges the assets of type ${options.assetType} of ${options.tenant}; life in ${file.parameters.unit}.\n`,
      );
      const { asset_types } = file;
      if (!asset_types.includes(options.assetType))
        io.stderr.write(`Mind that it was learned from assets of type ${asset_types.join(", ")}.\n`);
    });

  model
    .command("list")
    .description("list the installed models")
    .requiredOption("--tenant <id>", "the tenant")
    .option("--json", "as JSON")
    .option(...FOLDER)
    .action(async (options: Options) => {
      await withStore(options, async (store) => {
        await known(store, options.tenant);
        const models = await store.models(options.tenant);
        const told = models.map(({ asset_type, model_id, installed_at }) => ({
          asset_type,
          model: model_id,
          installed_at: new Date(installed_at).toISOString(),
        }));
        if (options.json) io.stdout.write(`${JSON.stringify(told)}\n`);
        else
          for (const { asset_type, model, installed_at } of told)
            io.stdout.write(`${asset_type}\t${model}\t${installed_at}\n`);
      });
    });

  model
    .command("remove")
    .description("let no model judge a tenant's assets of a type any more")
    .requiredOption("--tenant <id>", "the tenant")
    .requiredOption("--asset-type <type>", "the type of asset")
    .option(...FOLDER)
    .action(async (options: Options) => {
      await withStore(options, async (store) => {
        await known(store, options.tenant);
        if (!(await store.deleteModel(options.tenant, options.assetType)))
          throw new ForesightError("not_found", `No model judges ${options.assetType} of ${options.tenant}.`);
      });
      io.stderr.write(`No model judges the assets of type ${options.assetType} any more.\n`);
    });
  return model;
}

async function known(store: Store, tenant_id: string): Promise<void> {
  if ((await store.tenant(tenant_id)) === undefined)
    throw new ForesightError("not_found", `There is no tenant ${tenant_id}.`);
}
