import type { Words } from "../../words.ts"

export const deskMap: Words["deskMap"] = {
    title: "Routes of the day",
    show: "Map",
    close: "Close the map",
    schematic: "Drawn from coordinates. The lines show the order, not the streets; distances and times are estimates.",
    outlet: "Outlet",
    unassigned: "To dispatch",
    lost: "Jobs without a place",
    lostHint: "Say where the customer is, and the job is on the map and its ways are reckoned.",
    none: "Nothing to show on this day",
    open: "Open",
    place: "Give the place",
    placed: (name) => `The place of ${name} is kept`,
    coordinates: "Latitude, longitude",
    coordinatesHint:
        "WGS 84, as a GPS gives it: 31.230416, 121.473701. What Amap, Tencent or Baidu show is shifted and must not be used.",
    notCoordinates: "Latitude and longitude, with a comma between",
    stop: (number, who, name, status) =>
        [number === undefined ? undefined : `Stop ${number}`, who ?? "To dispatch", name, status]
            .filter(Boolean)
            .join(", "),
}
