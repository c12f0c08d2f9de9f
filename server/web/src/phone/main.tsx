import "../design/ground.css"
import "./phone.css"
import "./sheet.css"
import "./visit.css"
import { options } from "preact"
import { show } from "../design/show.ts"
import { App } from "./app.tsx"
import { open } from "./phone.ts"
import { settleTyped } from "./typed.ts"
import { watchVersion } from "./version.ts"

const shown = show(<App />)
// What changes for one reason is drawn once, with the next frame: a tap keeps what it wrote and leads on to the next step. A page that nobody sees has
// no frames.
options.debounceRendering = (render) => (document.hidden ? setTimeout(render) : requestAnimationFrame(render))
// What an earlier page was left with in the middle of a word. The rest can wait until something is seen.
void Promise.all([shown, open()]).then(() => {
    void settleTyped()
    void watchVersion()
})
