/** Where a job stands, in the words of the server's own `Status::name`. */
import type { Status } from "../../core/status.ts"

export const status: Record<Status, string> = {
    reported: "待补资料",
    ready: "待派工",
    assigned: "已派工",
    accepted: "已接单",
    appointed: "已预约",
    en_route: "上门途中",
    on_site: "已到达",
    working: "维修中",
    tested: "已试机",
    signed: "已验收",
    closed: "已结单",
    waiting_part: "待配件",
    waiting_customer: "待客户",
    waiting_price: "待核价",
    in_workshop: "拉修中",
    customer_absent: "客户不在家",
    awaiting_proof: "待验证",
    solved_remotely: "电话解决",
    cancelled: "已取消",
    reopened: "重新打开",
}
