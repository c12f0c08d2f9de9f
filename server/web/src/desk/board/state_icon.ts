/** The picture that goes with a state, where there is no room for all of its word. */
import {
    BadgeJapaneseYen,
    Ban,
    CalendarCheck,
    Car,
    CircleCheck,
    CircleDashed,
    ClipboardCheck,
    DoorClosed,
    FileWarning,
    Hourglass,
    type IconNode,
    MapPin,
    Package,
    PenLine,
    PenOff,
    Phone,
    RotateCcw,
    UserRound,
    UserRoundCheck,
    UserRoundX,
    Warehouse,
    Wrench,
} from "lucide"
import { isUnsigned } from "../job_status.tsx"
import type { Job } from "./day.ts"

const ICONS: Record<Job["status"], IconNode> = {
    reported: FileWarning,
    ready: CircleDashed,
    assigned: UserRound,
    accepted: UserRoundCheck,
    appointed: CalendarCheck,
    en_route: Car,
    on_site: MapPin,
    working: Wrench,
    tested: ClipboardCheck,
    signed: PenLine,
    closed: CircleCheck,
    waiting_part: Package,
    waiting_customer: UserRoundX,
    waiting_price: BadgeJapaneseYen,
    in_workshop: Warehouse,
    customer_absent: DoorClosed,
    awaiting_proof: Hourglass,
    solved_remotely: Phone,
    cancelled: Ban,
    reopened: RotateCcw,
}

export const stateIcon = (job: Job): IconNode => (isUnsigned(job) ? PenOff : ICONS[job.status])
