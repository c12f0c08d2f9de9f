export const deskMap = {
    title: "当天路线图",
    show: "地图",
    close: "关闭地图",
    schematic: "按坐标绘制的示意图，连线为先后顺序，不是实际道路；距离和时间为估算。",
    outlet: "网点",
    unassigned: "待派工",
    lost: "没有位置的工单",
    lostHint: "补上客户位置后会显示在地图上，并用于估算路程。",
    none: "这一天没有可显示的工单",
    open: "打开",
    place: "补位置",
    placed: (name: string) => `${name} 的位置已保存`,
    coordinates: "纬度，经度",
    coordinatesHint: "WGS-84（GPS）坐标，例如 31.230416, 121.473701。高德、腾讯、百度地图的坐标有偏移，不能直接填。",
    notCoordinates: "请填写纬度和经度，用逗号分开",
    stop: (number: number | undefined, who: string | undefined, name: string, status: string) =>
        [number === undefined ? undefined : `第 ${number} 站`, who ?? "待派工", name, status]
            .filter(Boolean)
            .join("，"),
}
