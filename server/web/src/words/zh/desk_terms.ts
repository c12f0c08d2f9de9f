import type { Schemas } from "../../api/client.ts"
import type { status } from "./status.ts"

type Named<Word extends string> = Record<Word, string>

const role: Named<Schemas["Role"]> = {
    administrator: "系统管理员",
    desk_agent: "客服",
    dispatcher: "调度",
    technician: "服务工程师",
    desk_supervisor: "客服主管",
    team_lead: "组长",
    engineering_supervisor: "工程部主管",
    technical_section: "技术科",
    service_manager: "售后经理",
    project_manager: "项目经理",
    general_manager: "总经理",
    outlet_clerk: "网点信息员",
    centre_clerk: "中心信息员",
    quality_inspector: "质检员",
}
const channel: Named<Schemas["Channel"]> = {
    phone: "电话",
    visit: "来访",
    letter: "来信",
    web: "网络",
    api: "合作方",
}
const reportClass: Named<Schemas["ReportClass"]> = {
    A: "医疗急救",
    B: "维修",
    C: "投诉",
    D: "咨询",
    E: "盗窃、斗殴、中毒、车祸",
    F: "水灾、火灾",
    G: "其他求助",
    suggestion: "建议",
    praise: "表扬",
}
const reportState: Named<Schemas["ReportState"]> = {
    open: "未办结",
    job: "已开工单",
    answered: "已答复",
    solved_remotely: "远程解决",
    void: "无效来电",
}
const outcome: Named<Schemas["CallOutcome"]> = {
    handled: "正常受理",
    silent: "无声电话",
    inaudible: "听不清",
    wrong_number: "打错电话",
    nuisance: "骚扰电话",
    ended_after_warnings: "三次警告后挂断",
    dropped: "掉线（回拨）",
}
const stage: Named<Schemas["Stage"]> = {
    appointment: "预约",
    arrival: "到达",
    shoe_covers: "鞋套",
    testing: "试机",
    cleanup: "清理",
    sign_off: "签字",
}
const clockState: Named<Schemas["ClockState"]> = {
    running: "计时中",
    warning: "将超时",
    breached: "已超时",
    kept: "按时",
    paused: "暂停",
}
const callReason: Named<Schemas["CallReason"]> = {
    someone_else: "客户要求换人上门",
    delay: "晚到，电话告知客户",
    unsure_fix: "不确定是否修好",
    incomplete_test: "试机不完整",
    declined: "客户未签字",
    quote_refused: "拒绝报价",
    low_rating: "评分低",
    take_back: "拉修",
    solved_remotely: "远程解决",
    normal: "常规回访",
}
const followUpState: Named<Schemas["FollowUpState"]> = {
    open: "待回访",
    satisfied: "满意",
    unsatisfied: "不满意",
    unreached: "未接通",
    refused: "拒绝回访",
}
const likeness: Named<Schemas["Likeness"]> = {
    customer: "同一客户",
    phone: "同一电话",
    address: "同一地址",
    product: "同一产品",
    fault_class: "同类故障",
}
const scope: Named<Schemas["LinkScope"]> = { view: "查看", accept: "认可报价", sign: "签字", rate: "评价" }
const linkAct: Named<Schemas["LinkAct"]> = {
    view: "查看",
    accept: "认可报价",
    refuse: "拒绝报价",
    sign: "签字",
    decline: "拒签",
    rate: "评价",
    revoke: "撤销链接",
    reply: "答复晚到",
    again: "报告又坏了",
    backup: "签署数据备份确认",
}
const decision: Named<Schemas["DecisionKind"]> = {
    solved_remotely: "远程解决",
    cancelled: "取消",
    reopened: "重开",
    closed: "结单",
    proved: "验证通过",
}
const standing: Named<Schemas["Standing"]> = {
    open: "待决定",
    in_record: "已在工单里",
    barred: "不可采纳",
    decided: "已决定",
}
const matter: Named<Schemas["MatterKind"]> = {
    consent: "报价认可",
    sign_off: "签字",
    charge: "收费",
    withdrawal: "撤回报价",
}
const timeFlag: Named<Schemas["TimeFlag"]> = {
    clock_wrong: "手机时钟不准",
    clock_jumped: "手机时钟被调",
    before_basis: "早于所依据的内容",
    after_receipt: "晚于收到时间",
    contradictory: "时间自相矛盾",
    no_evidence: "没有凭据",
}

/** As short as a block of the board is narrow. */
const statusShort: Named<keyof typeof status> = {
    reported: "缺资料",
    ready: "待派",
    assigned: "已派",
    accepted: "已接单",
    appointed: "已约",
    en_route: "在途",
    on_site: "已到",
    working: "维修中",
    tested: "已试机",
    signed: "已验收",
    closed: "已结单",
    waiting_part: "待配件",
    waiting_customer: "待客户",
    waiting_price: "待核价",
    in_workshop: "拉修中",
    customer_absent: "无人",
    awaiting_proof: "待验证",
    solved_remotely: "电话",
    cancelled: "取消",
    reopened: "重开",
}

/** The same, of what only the desk speaks of: beside the others in `terms`. */
export const deskTerms = {
    statusShort,
    /** Signed off by nobody: the customer declined. */
    unsigned: "已完工，客户未签字",
    unsignedShort: "未签字",
    role,
    channel,
    reportClass,
    reportState,
    outcome,
    stage,
    clockState,
    callReason,
    followUpState,
    likeness,
    scope,
    linkAct,
    decision,
    standing,
    matter,
    timeFlag,
    skill: {
        plumbing: "管道",
        electric: "电气",
        appliance: "家电",
        air_conditioning: "空调",
        waterproofing: "防水",
        carpentry: "木工",
        pump: "水泵",
        lift: "电梯",
        computer: "电脑",
        gas: "燃气",
    } as Record<string, string>,
}
