import "../design/ground.css"
import { effect } from "@preact/signals"
import { render } from "preact"
import { SignIn } from "../design/sign_in.tsx"
import { language, words } from "../words.ts"

effect(() => {
    document.documentElement.lang = language.value
    document.title = words.value.everywhere.product
})

const app = document.getElementById("app")
if (app) render(<SignIn onSubmit={async () => {}} />, app)
