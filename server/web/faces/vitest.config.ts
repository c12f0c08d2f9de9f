import { defineConfig } from "vitest/config"

/** Stories: the real server, the real browser. One after the other, because each has a machine's worth of work. */
export default defineConfig({
    test: {
        root: import.meta.dirname,
        include: ["*.story.ts"],
        globalSetup: "company.ts",
        fileParallelism: false,
        testTimeout: 240_000,
        hookTimeout: 120_000,
    },
})
