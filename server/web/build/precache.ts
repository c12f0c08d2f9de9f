import { createHash } from "node:crypto"
import type { Plugin } from "vite"

interface Options {
    /** The entry that becomes the service worker. */
    worker: string
    /** The page that must open without network. */
    page: string
}

/**
 * Tells the service worker what to keep: the page and all that it loads, however deep, and a name for this very set of files. In its
 * source stand `__PRECACHE__` and `__VERSION__`.
 */
export function precache({ worker, page }: Options): Plugin {
    return {
        name: "precache",
        apply: "build",
        generateBundle(_, bundle) {
            const wanted = new Set<string>()
            const visit = (fileName: string) => {
                if (wanted.has(fileName)) return
                wanted.add(fileName)
                const output = bundle[fileName]
                if (output?.type !== "chunk") return
                const { importedCss = [], importedAssets = [] } = output.viteMetadata ?? {}
                for (const next of [...output.imports, ...output.dynamicImports, ...importedCss, ...importedAssets])
                    visit(next)
            }
            for (const output of Object.values(bundle)) {
                if (output.type === "chunk" && output.facadeModuleId?.endsWith(page)) visit(output.fileName)
            }
            const files = [...wanted].filter((name) => bundle[name]).sort()
            const digest = createHash("sha256")
            for (const name of files) {
                const output = bundle[name]
                digest.update(name).update(output?.type === "chunk" ? output.code : (output?.source ?? ""))
            }
            const chunk = Object.values(bundle).find((output) => output.type === "chunk" && output.name === worker)
            if (chunk?.type !== "chunk") throw new Error(`there is no entry called ${worker}`)
            chunk.code = chunk.code
                .replaceAll("__PRECACHE__", JSON.stringify(files.map((name) => `/${name}`)))
                .replaceAll("__VERSION__", JSON.stringify(digest.digest("hex").slice(0, 16)))
        },
    }
}
