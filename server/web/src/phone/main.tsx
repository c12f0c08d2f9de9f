import "../design/ground.css"
import "./phone.css"
import "./sheet.css"
import "./visit.css"
import { effect } from "@preact/signals"
import { render } from "preact"
import { language, words } from "../words.ts"
import { App } from "./app.tsx"
import { open } from "./phone.ts"
import { settleTyped } from "./typed.ts"
import { watchVersion } from "./version.ts"

effect(() => {
    document.documentElement.lang = language.value
    document.title = words.value.everywhere.product
})

const app = document.getElementById("app")
if (app) render(<App />, app)
// What an earlier page was left with in the middle of a word.
void open().then(settleTyped)
void watchVersion()
