/** The ways to the rooms of the desk, each with how much waits in it. */
import {
    BellRing,
    CalendarClock,
    ClipboardList,
    Contact,
    Inbox,
    type IconNode,
    MessageCircleQuestionMark,
    PhoneCall,
    PhoneIncoming,
    Store,
    Tags,
    Users,
} from "lucide"
import { useLocation } from "preact-iso"
import { useEffect, useRef } from "preact/hooks"
import { Icon } from "../design/icon.tsx"
import { type Words, words } from "../words.ts"
import { may, type Permission } from "./allowed.ts"
import { Count } from "./count.tsx"
import type { Counted } from "./waiting.ts"

interface Room {
    at: string
    /** Other addresses of the same room. */
    also?: string[]
    word: keyof Words["deskShell"] &
        (
            | "board"
            | "intake"
            | "jobs"
            | "escalations"
            | "followUps"
            | "inbox"
            | "answers"
            | "customers"
            | "prices"
            | "people"
            | "outlets"
        )
    icon: IconNode
    needs: Permission
    /** What in it may wait for somebody. */
    counts?: readonly Counted[]
}

export const ROOMS: Room[] = [
    { at: "/desk/board", word: "board", icon: CalendarClock, needs: "read_jobs" },
    { at: "/desk/intake", word: "intake", icon: PhoneIncoming, needs: "read_customers" },
    { at: "/desk/jobs", word: "jobs", icon: ClipboardList, needs: "read_jobs" },
    {
        at: "/desk/escalations",
        word: "escalations",
        icon: BellRing,
        needs: "take_escalations",
        counts: ["escalations"],
    },
    { at: "/desk/customers", word: "customers", icon: Contact, needs: "read_customers" },
    { at: "/desk/follow-ups", word: "followUps", icon: PhoneCall, needs: "follow_up", counts: ["follow_ups"] },
    { at: "/desk/inbox", word: "inbox", icon: Inbox, needs: "read_quarantine", counts: ["refused", "differing"] },
    {
        at: "/desk/price-requests",
        also: ["/desk/questions", "/desk/promises"],
        word: "answers",
        icon: MessageCircleQuestionMark,
        needs: "read_jobs",
        counts: ["prices", "questions", "promises"],
    },
    { at: "/desk/prices", word: "prices", icon: Tags, needs: "read_jobs" },
    { at: "/desk/people", word: "people", icon: Users, needs: "read_jobs" },
    { at: "/desk/outlets", word: "outlets", icon: Store, needs: "read_jobs" },
]

export function Rail() {
    const text = words.value.deskShell
    const { path } = useLocation()
    const rail = useRef<HTMLElement>(null)
    // On a phone the rooms are a strip, of which a part is to be seen.
    useEffect(() => {
        rail.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" })
    }, [path])
    return (
        <nav ref={rail} class="shell-rail no-print" aria-label={text.nav}>
            {ROOMS.filter((room) => may(room.needs)).map((room) => {
                const isHere = [room.at, ...(room.also ?? [])].some((at) => path === at || path.startsWith(`${at}/`))
                return (
                    <a key={room.at} href={room.at} aria-current={isHere ? "page" : undefined}>
                        <Icon of={room.icon} size={22} />
                        {text[room.word]}
                        {room.counts && <Count of={room.counts} />}
                    </a>
                )
            })}
        </nav>
    )
}
