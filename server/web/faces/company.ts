/** The demo company's data, made once for all stories; each server begins on a copy of its own. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { TestProject } from "vitest/node"
import { Process } from "./process.ts"

declare module "vitest" {
    export interface ProvidedContext {
        /** Where the data lies. */
        company: string
    }
}

export default async function found(project: TestProject): Promise<() => Promise<void>> {
    const folder = await mkdtemp(join(tmpdir(), "faces-company-"))
    const founder = await Process.run("127.0.0.1:0", folder, ["--demo"])
    await founder.end()
    project.provide("company", folder)
    return () => rm(folder, { recursive: true, force: true })
}
