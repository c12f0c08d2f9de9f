import { createHash } from "node:crypto"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { resolve } from "node:path"
import { promisify } from "node:util"
import { brotliCompress, constants } from "node:zlib"
import type { Plugin } from "vite"

const compress = promisify(brotliCompress)
const cache = resolve(import.meta.dirname, "../node_modules/.cache/brotli")

/** Writes `name.br` beside what compresses. The wasm alone takes seconds, so what was compressed once is kept by its content. */
export function brotli(): Plugin {
    return {
        name: "brotli",
        apply: "build",
        enforce: "post",
        generateBundle: {
            // After everybody: Vite itself still fills in what a page loads later.
            order: "post",
            async handler(_, bundle) {
                await mkdir(cache, { recursive: true })
                for (const [fileName, output] of Object.entries(bundle)) {
                    if (!/\.(js|css|html|svg|wasm|webmanifest)$/.test(fileName)) continue
                    const plain = Buffer.from(output.type === "chunk" ? output.code : output.source)
                    this.emitFile({ type: "asset", fileName: `${fileName}.br`, source: await compressed(plain) })
                }
            },
        },
    }
}

async function compressed(plain: Buffer): Promise<Buffer> {
    const kept = resolve(cache, createHash("sha256").update(plain).digest("hex"))
    try {
        return await readFile(kept)
    } catch {
        const made = await compress(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
        await writeFile(kept, made)
        return made
    }
}
