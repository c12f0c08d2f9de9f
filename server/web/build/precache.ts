import { createHash } from "node:crypto"
import type { Plugin, Rollup } from "vite"

type Bundle = Rollup.OutputBundle

interface Options {
    /** The entry that becomes the service worker. */
    worker: string
    /** The page that must open without network. */
    page: string
    /** What not every phone needs, by the names of its chunks. */
    later: string[]
}

/**
 * Tells the service worker what to keep: the page and all that it loads, at once or when it is asked for, however deep; apart from that what not
 * every phone needs; and a name for this very set of files. In its source stand `__PRECACHE__`, `__LATER__` and `__VERSION__`.
 */
export function precache({ worker, page, later: apart }: Options): Plugin {
    return {
        name: "precache",
        apply: "build",
        generateBundle(_, bundle) {
            const chunks = Object.values(bundle).filter((output) => output.type === "chunk")
            const namesOf = (some: Rollup.OutputChunk[]) => some.map((chunk) => chunk.fileName)
            const entries = chunks.filter((chunk) => chunk.facadeModuleId?.endsWith(page))
            const setApart = namesOf(chunks.filter(({ name }) => apart.includes(name)))
            const shell = loadedBy(bundle, namesOf(entries), setApart)
            const later = loadedBy(bundle, setApart, shell)
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

/** These files and all that they load, in the order of their names; but for some, and what only those load. */
function loadedBy(bundle: Bundle, names: string[], without: string[]): string[] {
    const found = new Set(names)
    // What is added meanwhile is looked at too.
    for (const name of found) {
        const output = bundle[name]
        if (output?.type !== "chunk") continue
        const { importedCss = [], importedAssets = [] } = output.viteMetadata ?? {}
        const next = [...output.imports, ...output.dynamicImports, ...importedCss, ...importedAssets]
        for (const name of next) if (!without.includes(name)) found.add(name)
    }
    return [...found].filter((name) => bundle[name]).sort()
}
