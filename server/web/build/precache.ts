import { createHash } from "node:crypto"
import type { Plugin, Rollup } from "vite"

type Bundle = Rollup.OutputBundle

interface Options {
    /** The entry that becomes the service worker. */
    worker: string
    /** The page that must open without network. */
    page: string
}

/**
 * Tells the service worker what to keep: the page and all that it loads, however deep; apart from that what it loads only once that is
 * asked for; and a name for this very set of files. In its source stand `__PRECACHE__`, `__LATER__` and `__VERSION__`.
 */
export function precache({ worker, page }: Options): Plugin {
    return {
        name: "precache",
        apply: "build",
        generateBundle(_, bundle) {
            const chunks = Object.values(bundle).filter((output) => output.type === "chunk")
            const entries = chunks.filter((chunk) => chunk.facadeModuleId?.endsWith(page))
            const shell = loadedBy(
                bundle,
                entries.map((chunk) => chunk.fileName),
            )
            const later = loadedBy(bundle, askedForBy(bundle, shell)).filter((name) => !shell.includes(name))
            const digest = createHash("sha256")
            for (const name of [...shell, ...later]) {
                const output = bundle[name]
                digest.update(name).update(output?.type === "chunk" ? output.code : (output?.source ?? ""))
            }
            const chunk = chunks.find(({ name }) => name === worker)
            if (!chunk) throw new Error(`there is no entry called ${worker}`)
            const paths = (names: string[]) => JSON.stringify(names.map((name) => `/${name}`))
            chunk.code = chunk.code
                .replaceAll("__PRECACHE__", paths(shell))
                .replaceAll("__LATER__", paths(later))
                .replaceAll("__VERSION__", JSON.stringify(digest.digest("hex").slice(0, 16)))
        },
    }
}

/** These files and all that they need to run, in the order of their names. */
function loadedBy(bundle: Bundle, names: string[]): string[] {
    const found = new Set(names)
    // What is added meanwhile is looked at too.
    for (const name of found) {
        const output = bundle[name]
        if (output?.type !== "chunk") continue
        const { importedCss = [], importedAssets = [] } = output.viteMetadata ?? {}
        for (const next of [...output.imports, ...importedCss, ...importedAssets]) found.add(next)
    }
    return [...found].filter((name) => bundle[name]).sort()
}

/** What these files load when it is asked for. */
function askedForBy(bundle: Bundle, names: string[]): string[] {
    return names.flatMap((name) => {
        const output = bundle[name]
        return output?.type === "chunk" ? output.dynamicImports : []
    })
}
