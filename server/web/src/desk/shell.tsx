import { LogOut, Search, WifiOff } from "lucide"
import type { ComponentChildren } from "preact"
import { useLocation } from "preact-iso"
import { useEffect, useRef } from "preact/hooks"
import { session, signOut } from "../api/session.ts"
import { Icon } from "../design/icon.tsx"
import { LanguageButton } from "../design/language_button.tsx"
import { IconButton } from "../design/parts.tsx"
import { words } from "../words.ts"
import { isLineUp } from "./live.ts"
import { Rail } from "./rail.tsx"
import { said } from "./said.ts"
import "./shell.css"
import "./narrow.css"

/** What stands around every page. */
export function Shell({ children }: { children: ComponentChildren }) {
    const text = words.value.deskShell
    return (
        <div class="shell">
            <a class="shell-skip" href="#content">
                {text.skip}
            </a>
            <Head />
            <Rail />
            <main id="content" class="shell-content" tabIndex={-1}>
                {children}
            </main>
            <p class="shell-said no-print" role="status">
                {said.value}
            </p>
        </div>
    )
}

function Head() {
    const text = words.value.deskShell
    const who = session.value?.person
    return (
        <header class="shell-head no-print">
            <a class="shell-brand" href="/desk/" aria-label={words.value.everywhere.product}>
                <img src="/icon.svg" alt="" width={32} height={32} />
                <strong>{words.value.everywhere.product}</strong>
            </a>
            <SearchBox />
            {!isLineUp.value && (
                <span class="tag tag-warn shell-line" role="status" title={text.lineDown}>
                    <Icon of={WifiOff} size={16} />
                    <span class="shell-wide">{text.lineDown}</span>
                </span>
            )}
            {who && (
                <a class="shell-who" href="/desk/me" title={words.value.deskStaff.toMe}>
                    <strong>{who.name}</strong>
                    <span class="soft small">{words.value.terms.role[who.role]}</span>
                </a>
            )}
            <LanguageButton />
            <IconButton icon={LogOut} label={words.value.signIn.signOut} onClick={() => void signOut()} />
        </header>
    )
}

function SearchBox() {
    const text = words.value.deskShell
    const { path, query, route } = useLocation()
    const box = useRef<HTMLInputElement>(null)
    const onSearchPage = path === "/desk/search"
    useEffect(() => {
        const focus = (event: KeyboardEvent) => {
            const at = event.target as HTMLElement
            if (event.key !== "/" || event.ctrlKey || event.metaKey || at.closest("input, textarea, select, dialog"))
                return
            event.preventDefault()
            box.current?.focus()
        }
        addEventListener("keydown", focus)
        return () => removeEventListener("keydown", focus)
    }, [])
    const go = (typed: string) => route(`/desk/search?q=${encodeURIComponent(typed)}`, onSearchPage)
    return (
        <form
            role="search"
            class="shell-search"
            onSubmit={(event) => {
                event.preventDefault()
                go(box.current?.value.trim() ?? "")
            }}
        >
            <Icon of={Search} />
            <input
                ref={box}
                type="search"
                aria-label={text.search}
                placeholder={text.searchHint}
                value={onSearchPage ? (query.q ?? "") : ""}
                onInput={(event) => onSearchPage && go(event.currentTarget.value)}
            />
        </form>
    )
}
