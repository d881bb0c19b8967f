import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { Kafka, type KafkaConfig, logLevel } from "kafkajs";
import { javaClassPath } from "./programs.ts";
import { type Restartable, startRestartable } from "./restartable.ts";
import { freePorts, ServerProcess, serverFolder } from "./server-process.ts";

const run = promisify(execFile);

export interface KafkaServer extends Restartable {
  /** `KAFKA_BROKERS`. */
  readonly brokers: string;
  /** Certificate (PEM) that signs the broker's, where `sasl` was asked for. */
  readonly ca?: string;
}

export interface KafkaServerOptions {
  /** SASL/PLAIN over TLS instead of plain text. */
  sasl?: { username: string; password: string };
  /** Its port, where it has to be known before, and the one that it tells its clients, where a proxy stands between. */
  port?: number;
  advertised_port?: number;
  /** Further lines of server.properties. */
  properties?: Record<string, string | number>;
}

/** Starts one real broker (KRaft, one process) on ports and a folder of its own. */
export async function startKafka(options: KafkaServerOptions = {}): Promise<KafkaServer> {
  const class_path = await javaClassPath();
  const folder = await serverFolder("kafka");
  const [free, controller] = await freePorts(2);
  const port = options.port ?? free;
  const advertised = options.advertised_port ?? port;
  const protocol = options.sasl ? "SASL_SSL" : "PLAINTEXT";
  const properties: Record<string, string | number> = {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${controller}`,
    listeners: `${protocol}://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    "advertised.listeners": `${protocol}://127.0.0.1:${advertised}`,
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": `CONTROLLER:PLAINTEXT,${protocol}:${protocol}`,
    "inter.broker.listener.name": protocol,
    "log.dirs": join(folder, "data"),
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 4,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "group.initial.rebalance.delay.ms": 0,
    "auto.create.topics.enable": "false",
  };
  let ca: string | undefined;
  if (options.sasl) {
    const { username, password } = options.sasl;
    const tls = await keystore(folder);
    ca = tls.ca;
    Object.assign(properties, tls.properties, {
      "sasl.enabled.mechanisms": "PLAIN",
      "sasl.mechanism.inter.broker.protocol": "PLAIN",
      "listener.name.sasl_ssl.plain.sasl.jaas.config": `org.apache.kafka.common.security.plain.PlainLoginModule required username="${username}" password="${password}" user_${username}="${password}";`,
    });
  }
  Object.assign(properties, options.properties);
  const file = join(folder, "server.properties");
  await writeFile(
    file,
    Object.entries(properties)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
  // A leading "-" would be read as an option; Kafka's own ids never begin with one either.
  const cluster_id = `A${randomBytes(16).toString("base64url").slice(1)}`;
  await run("java", [
    "-XX:TieredStopAtLevel=1",
    "-cp",
    class_path,
    "kafka.tools.StorageTool",
    "format",
    "-t",
    cluster_id,
    "-c",
    file,
  ]);

  const brokers = `127.0.0.1:${advertised}`;
  const client: KafkaConfig = {
    brokers: [brokers],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1_000,
    requestTimeout: 2_000,
    retry: { retries: 0 },
    ...(options.sasl && { ssl: { ca }, sasl: { mechanism: "plain", ...options.sasl } }),
  };
  const begin = async () => {
    const next = new ServerProcess(
      "Kafka",
      "java",
      [
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        "-cp",
        class_path,
        "kafka.Kafka",
        file,
      ],
      join(folder, "kafka.log"),
    );
    await next.ready(async () => {
      const admin = new Kafka(client).admin();
      try {
        await admin.connect();
        const { brokers: known } = await admin.describeCluster();
        return known.length > 0 ? true : undefined;
      } finally {
        await admin.disconnect();
      }
    });
    return next;
  };
  const server = await startRestartable(folder, begin);
  return Object.assign(server, {
    brokers,
    ca,
  });
}

async function keystore(folder: string): Promise<{ ca: string; properties: Record<string, string> }> {
  const store = join(folder, "broker.p12");
  const password = randomBytes(12).toString("hex");
  const access = ["-keystore", store, "-storetype", "PKCS12", "-storepass", password, "-alias", "broker"];
  await run("keytool", [
    "-genkeypair",
    ...access,
    "-keyalg",
    "RSA",
    "-validity",
    "2",
    "-dname",
    "CN=localhost",
    "-ext",
    "san=dns:localhost,ip:127.0.0.1",
    "-ext",
    "bc=ca:true",
  ]);
  const { stdout } = await run("keytool", ["-exportcert", "-rfc", ...access]);
  const trust = join(folder, "trust.p12");
  const certificate = join(folder, "ca.pem");
  await writeFile(certificate, stdout);
  await run("keytool", [
    "-importcert",
    "-noprompt",
    "-keystore",
    trust,
    "-storetype",
    "PKCS12",
    "-storepass",
    password,
    "-alias",
    "ca",
    "-file",
    certificate,
  ]);
  return {
    ca: stdout,
    properties: {
      "ssl.keystore.location": store,
      "ssl.keystore.type": "PKCS12",
      "ssl.keystore.password": password,
      "ssl.key.password": password,
      "ssl.truststore.location": trust,
      "ssl.truststore.type": "PKCS12",
      "ssl.truststore.password": password,
    },
  };
}
