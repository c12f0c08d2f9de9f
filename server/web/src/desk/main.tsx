import "../design/ground.css"
import { effect } from "@preact/signals"
import { render } from "preact"
import { session, signIn, signOut } from "../api/session.ts"
import { Button } from "../design/parts.tsx"
import { SignIn } from "../design/sign_in.tsx"
import { language, words } from "../words.ts"

effect(() => {
    document.documentElement.lang = language.value
    document.title = words.value.everywhere.product
})

function Desk() {
    const who = session.value?.person
    if (!who) return <SignIn onSubmit={signIn} />
    return (
        <main>
            <p>{who.name}</p>
            <Button onClick={() => void signOut()}>{words.value.signIn.signOut}</Button>
        </main>
    )
}

const app = document.getElementById("app")
if (app) render(<Desk />, app)
