import type { ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = {
  test: {
    environment: "node",
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "bench/driver/**/*.test.ts"],
    // Node itself loads the modules, as it does for users: same resolution, same type stripping, same stacks.
    // Tests import `daruma` by name; the condition makes that the sources, so no build is needed.
    experimental: { viteModuleRunner: false },
    setupFiles: ["test/support/properties.ts"],
    execArgv: ["--conditions=daruma-source"],
    pool: "forks",
    maxWorkers: "100%",
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: ["default"],
  },
};

export default config;
