// In development, as the server does: every address below a face is its page, which finds out what to show.
import type { Plugin } from "vite"

export function faces(names: string[]): Plugin {
    const below = new RegExp(`^/(${names.join("|")})/(?!.*\\.[a-z0-9]+(\\?|$))`)
    return {
        name: "faces",
        configureServer(server) {
            server.middlewares.use((request, _response, next) => {
                const face = below.exec(request.url ?? "")?.[1]
                if (face) request.url = `/${face}/index.html`
                next()
            })
        },
    }
}
