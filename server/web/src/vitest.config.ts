import { defineConfig } from "vitest/config"

export default defineConfig({
    test: { dir: import.meta.dirname, setupFiles: `${import.meta.dirname}/words/learn_all.ts` },
})
