export const scan = {
    button: "扫码",
    title: "扫描条码",
    hint: "把条码放在画面中间，离镜头约一掌远。",
    refused: "没有摄像头权限。可以直接输入条码，或在浏览器设置里允许本页使用摄像头。",
    missing: "打不开摄像头。可以直接输入条码，或使用扫码枪。",
    unready: "读码功能还没有下载到本机，联网打开一次即可。现在可以直接输入条码，或使用扫码枪。",
    close: "关闭",
    find: "扫码，或输入条码、编号、名称",
    findHint: "扫码枪扫完即可，不用先点这一栏",
    found: (name: string) => `已找到：${name}`,
    unknown: (scanned: string) => `收费标准里没有条码 ${scanned}。请核对，或在下面手工填写。`,
}

export const days = {
    choose: "选择日期",
    near: { "-1": "昨天", "0": "今天", "1": "明天" } as { [offset: string]: string },
    label: (day: string, open: number) => `${day}，${open} 单未完成`,
    none: "这一天没有工单。",
    overdue: "以前未完成",
    later: "时间未定或更晚",
}

export const earlier = {
    title: (count: number) => `以前的上门记录（${count} 次）`,
    none: "这位客户以前没有上门记录。",
    notHere: "以前的上门记录还没有下载，联网后可看。",
    sameProduct: "同一产品",
    fault: "报修",
    cause: "原因",
    measures: "措施",
    parts: "更换",
    warranted: (day: string) => `保修到 ${day}`,
    lapsed: (day: string) => `保修已于 ${day} 到期`,
}

export const sentPhoto = {
    offline: "已上传，办公室能看到；联网后可在这里看",
    later: "已上传，办公室能看到；小图稍后可看",
    others: "同事拍的照片，联网后可看",
    refused: {
        too_large: "服务器不收：文件太大。照片仍在本机，请重拍一张。",
        photo_refused: "服务器不收：尺寸超出限制。照片仍在本机，请重拍一张。",
        photos_many: "服务器不收：此工单的照片总量已达上限。照片仍在本机。",
    },
}

export const here = {
    ask: "要记录地点吗？",
    why: "只在您勾选到达、离开和拍照时记一次当时的位置，用来证明您到过现场，有争议时对您有利。不会在后台跟踪。不记录也不影响任何操作，以后可在“上传与数据”里更改。",
    yes: "记录",
    no: "不记录",
    found: (metres: number) => `当前位置误差约 ${metres} 米，勾选或拍照时记录`,
    noted: (metres: number) => `已记录地点，误差约 ${metres} 米`,
    states: {
        idle: "还没有位置，不影响操作",
        looking: "正在定位，不必等待",
        barred: "浏览器或系统不允许定位，不影响操作",
        unfound: "没有定到位置，不影响操作",
    },
    setting: "记录到达、离开和拍照的地点",
}
