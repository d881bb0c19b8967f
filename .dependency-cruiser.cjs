/** The import rules of the house; each names what a room may reach. */
const room = (path) => `^lib/${path}/`;
const only = (name, from, allowed, extra = {}) => ({
  name,
  severity: "error",
  comment: `${from} may import only ${allowed.join(", ") || "nothing of the house"}.`,
  from: { path: from, pathNot: "\\.test\\.tsx?$", ...extra },
  to: { path: "^(lib|app|server\\.ts)", pathNot: [from, ...allowed] },
});
const confined = (library, folders) => ({
  name: `${library}-confined`,
  severity: "error",
  comment: `${library} is used in ${folders} only.`,
  from: { pathNot: [folders, "\\.test\\.tsx?$", "^lib/testing/(?!illegal/)", "^(bench|e2e|scripts)/"] },
  to: { path: `^node_modules/${library}/` },
});

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      comment: "No circles, of types neither: what both sides need belongs to a file of its own.",
      from: {},
      to: { circular: true },
    },
    { name: "lib-never-app", severity: "error", from: { path: "^lib/" }, to: { path: "^app/" } },
    only("domain-pure", room("domain"), []),
    {
      name: "domain-zod-only",
      severity: "error",
      from: { path: room("domain"), pathNot: "\\.test\\.ts$" },
      to: { dependencyTypes: ["npm", "core"], pathNot: "^node_modules/zod/" },
    },
    only("protocol", room("protocol"), [room("domain")]),
    only("ports", room("ports"), [room("domain")]),
    only("adapters-embedded", room("adapters/embedded"), [room("ports"), room("domain")]),
    only("adapters-kafka", room("adapters/kafka"), [room("ports"), room("domain")]),
    only("adapters-mongo", room("adapters/mongo"), [room("ports"), room("domain")]),
    only("adapters-redis", room("adapters/redis"), [room("ports"), room("domain")]),
    only("ingest", room("ingest"), [room("ports"), room("domain"), "^lib/protocol/cursor"], {
      pathNot: ["\\.test\\.ts$", "-command\\.ts$"],
    }),
    only("health", room("health"), [room("domain")]),
    only("processor", room("processor"), [room("health"), room("ports"), room("domain")]),
    only("auth", room("auth"), [room("ports"), room("domain")]),
    only("realtime", room("realtime"), [room("ports"), room("protocol"), room("domain")]),
    only("gateway", room("gateway"), [
      room("realtime"),
      "^lib/auth/",
      room("protocol"),
      room("ports"),
      room("domain"),
    ]),
    {
      name: "app-reaches-lib",
      severity: "error",
      comment: "Pages and routes reach the server through runtime/handle and auth.",
      from: {
        path: "^app/",
        pathNot: ["^app/_realtime/", "^app/_components/", "^app/_server/testing\\.ts$", "\\.test\\.tsx?$"],
      },
      to: { path: "^lib/", pathNot: ["^lib/runtime/handle", "^lib/auth/", "^lib/protocol/", "^lib/domain/"] },
    },
    {
      name: "browser-stream",
      severity: "error",
      from: { path: "^app/_realtime/", pathNot: "\\.test\\.tsx?$" },
      to: { path: "^(lib|app)/", pathNot: ["^app/_realtime/", room("protocol"), room("domain")] },
    },
    {
      name: "components",
      severity: "error",
      from: { path: "^app/_components/", pathNot: "\\.test\\.tsx?$" },
      to: {
        path: "^(lib|app)/",
        pathNot: [
          "^app/_components/",
          "^app/_realtime/",
          room("domain"),
          room("protocol"),
          // What the upload page shows before it sends is read by the very code that reads it then.
          "^lib/ingest/csv/(header|records|row-plan)\\.ts$",
          "^lib/ingest/validate-reading\\.ts$",
        ],
      },
    },
    {
      name: "testing-never-runtime",
      severity: "error",
      comment: "Suites and fakes serve every room, so they stand on none of the composition.",
      from: { path: "^lib/testing/" },
      to: { path: "^(lib/runtime|app)/" },
    },
    confined("libsql", "^lib/adapters/embedded/"),
    confined("socket\\.io", "^lib/gateway/"),
    confined("ws", "^lib/gateway/"),
    confined("engine\\.io", "^lib/gateway/"),
    confined("kafkajs", "^lib/adapters/kafka/"),
    confined("mongodb", "^lib/adapters/mongo/"),
    confined("ioredis", "^lib/adapters/redis/"),
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(\\.next|dist|node_modules/.*/node_modules)" },
  },
};
