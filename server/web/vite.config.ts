import { resolve } from "node:path"
import { defineConfig } from "vite"
import { brotli } from "./build/brotli.ts"
import { faces } from "./build/faces.ts"
import { precache } from "./build/precache.ts"

const here = import.meta.dirname
/** The server that the pages in development ask. */
const target = process.env.WEB_ASKS ?? "http://127.0.0.1:8080"
/** By the name under which the page is open: a session in a cookie is for pages of the server's own origin. */
const asked = { target, changeOrigin: false }

export default defineConfig({
    // Assets lie at the root, whichever page asks for them.
    base: "/",
    plugins: [
        faces(["desk", "phone"]),
        precache({ worker: "service_worker", page: "phone/index.html", later: ["barcode_reader"] }),
        brotli(),
    ],
    server: { proxy: { "/v1": asked, "/c": asked } },
    build: {
        target: "es2022",
        outDir: process.env.WEB_OUT ?? "dist",
        emptyOutDir: true,
        // A file that is a data: URL could not be cached by its name, and the pages' policy forbids it.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        rolldownOptions: {
            input: {
                phone: resolve(here, "phone/index.html"),
                desk: resolve(here, "desk/index.html"),
                service_worker: resolve(here, "src/phone/service_worker.ts"),
            },
            output: {
                // A worker is found again by its name; everything else changes its name with its content.
                entryFileNames: (chunk) =>
                    chunk.name === "service_worker" ? "phone/worker.js" : "assets/[name]-[hash].js",
                chunkFileNames: "assets/[name]-[hash].js",
                assetFileNames: "assets/[name]-[hash][extname]",
            },
        },
    },
})
