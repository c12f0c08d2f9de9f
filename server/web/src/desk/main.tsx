import "../design/ground.css"
import "./vocabulary.ts"
import { effect } from "@preact/signals"
import { render } from "preact"
import { language, words } from "../words.ts"
import { Desk } from "./desk.tsx"

effect(() => {
    document.documentElement.lang = language.value
    document.title = words.value.everywhere.product
})

const app = document.getElementById("app")
if (app) render(<Desk />, app)
