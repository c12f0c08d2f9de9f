import type { Schemas } from "../../api/client.ts"

const state: Record<Schemas["EscalationState"], string> = {
    open: "待处理",
    kept: "实际按时",
    late: "已超时完成",
    moved: "时限已顺延",
    gone: "不再适用",
}

export const deskEscalations = {
    title: "督办",
    views: { mine: "由我处理", open: "全部未结束", ended: "已结束" },
    none: "没有需要督办的时限",
    noneEnded: "还没有已结束的督办",
    clock: "时限",
    about: "工单",
    due: "到期",
    dueAt: (at: string) => `${at} 到期`,
    whose: "由谁处理",
    outcome: "结果",
    warned: "预警",
    missed: "已超时",
    level: (level: number) => `第 ${level} 级`,
    ofRole: (role: string) => `${role}（尚未接手）`,
    standsIn: (role: string) => `本应由${role}处理，暂无人担任`,
    untaken: (role: string) => `${role}（无人接手）`,
    takenAt: (name: string, at: string) => `${name}，${at} 接手`,
    earlier: (names: string) => `之前：${names}`,
    take: "接手",
    takeTitle: (clock: string) => `接手“${clock}”`,
    takeHint: "接手后由您负责到结束，之前的负责人仍留在记录中。",
    remark: "准备怎么处理",
    taken: "已由您接手",
    state,
    stopped: (at: string) => `${at} 完成`,
    heard: (at: string) => `${at} 才收到手机上的记录`,
    notYours: "您的岗位不接手督办事项",
}
