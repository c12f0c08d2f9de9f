import type { Schemas } from "../../api/client.ts"
import { status } from "./status.ts"

type Named<Word extends string> = Record<Word, string>

const urgency: Named<Schemas["Urgency"]> = { urgent: "急修", general: "一般" }
const reportField: Named<Schemas["ReportField"]> = {
    name: "姓名",
    phone: "电话",
    address: "地址",
    fault: "故障",
    product: "产品",
    model: "型号",
    serial: "序列号",
    purchased_on: "购买日期",
    wanted: "希望时间",
    urgency: "紧急程度",
    skill: "工种",
    area: "部位",
}
const area: Named<Schemas["Area"]> = { own: "自用部位", shared: "公共部位" }
const customerClass: Named<Schemas["CustomerClass"]> = { ordinary: "普通客户", key: "重点客户", contract: "合同客户" }
const hold: Named<Schemas["HoldKind"]> = {
    part: "等配件",
    customer: "等客户",
    price: "等定价",
    workshop: "拉修",
    absent: "客户不在",
    proof: "等验证",
}
const mark: Named<Schemas["MarkKind"]> = {
    done: "完成",
    skipped: "跳过",
    not_applicable: "不适用",
    failed: "未通过",
    open: "未做",
}
const how: Named<Schemas["How"]> = { phone_screen: "手机上签字", link: "客户链接", desk_call: "电话确认" }
const itemKind: Named<Schemas["ItemKind"]> = { labour: "工时", part: "配件", fee: "费用" }

/** The field's words for what the server names by a word of its own. */
export const terms = {
    status,
    urgency,
    reportField,
    area,
    customerClass,
    hold,
    mark,
    how,
    itemKind,
}
