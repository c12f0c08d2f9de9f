//! How far it is between two places and how long the way takes: an estimate from coordinates, with no map and no service, the same on phone and
//! server. Straight over the earth's surface, times a detour, at a speed; the outlet says both. Where one of the two places is not
//! known, the way takes as long as the outlet reckons with.
//!
//! All coordinates are WGS 84, as satellites give them. Maps of Chinese makers show GCJ-02, which lies up to 700 m beside it: the two must never
//! be mixed, and nothing here converts one into the other.

use crate::body::data;
use crate::time::{MINUTE, Window};

/// The mean radius of the earth.
const EARTH_M: f64 = 6_371_008.8;
const E6: f64 = 1e6;

data! {
    /// A place on the map: millionths of a degree, WGS 84.
    #[derive(Copy, Eq)]
    pub struct Point {
        pub latitude_e6: i64,
        pub longitude_e6: i64,
    }

    /// How an outlet reckons its ways.
    #[derive(Copy, Eq)]
    pub struct Travel {
        /// Where technicians set out in the morning; none where the outlet has not said.
        #[serde(default)]
        pub base: Option<Point>,
        /// Of a hundred metres as the crow flies, how many there are on the road.
        pub detour_percent: i64,
        pub speed_kmh: i64,
        /// Where one of the places is not known.
        pub usual_minutes: i64,
    }

    /// The way from one place to the next.
    #[derive(Copy, Eq)]
    pub struct Way {
        /// On the road, estimated; none where one of the places is not known.
        pub distance_m: Option<i64>,
        pub minutes: i64,
    }
}

/// Straight over the surface, in whole metres.
pub fn straight_m(from: Point, to: Point) -> i64 {
    // What comes from outside may be any number: a float holds it, if not exactly.
    let radians = |degrees_e6: i64| (degrees_e6 as f64 / E6).to_radians();
    let (south, north) = (radians(from.latitude_e6), radians(to.latitude_e6));
    let half_sine = |angle: f64| (angle / 2.0).sin().powi(2);
    let across = radians(to.longitude_e6.saturating_sub(from.longitude_e6));
    let chord = half_sine(north - south) + south.cos() * north.cos() * half_sine(across);
    (2.0 * EARTH_M * chord.clamp(0.0, 1.0).sqrt().asin()).round() as i64
}

impl Travel {
    /// From where somebody is to where they are wanted.
    pub fn way(&self, from: Option<Point>, to: Option<Point>) -> Way {
        let (Some(from), Some(to)) = (from, to) else {
            return Way { distance_m: None, minutes: self.usual_minutes };
        };
        let distance_m = straight_m(from, to).saturating_mul(self.detour_percent) / 100;
        let metres_an_hour = self.speed_kmh.max(1).saturating_mul(1_000);
        let minutes = distance_m.saturating_mul(60).saturating_add(metres_an_hour - 1) / metres_an_hour;
        Way { distance_m: Some(distance_m), minutes }
    }
}

/// The minutes between two visits, none or less where the second begins before the first ends.
pub fn minutes_between(earlier: Window, later: Window) -> i64 {
    later.from.since(earlier.to).div_euclid(MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::at;

    const SQUARE: Point = Point { latitude_e6: 31_230_416, longitude_e6: 121_473_701 };
    const AIRPORT: Point = Point { latitude_e6: 31_151_825, longitude_e6: 121_799_805 };
    const TRAVEL: Travel = Travel { base: None, detour_percent: 140, speed_kmh: 25, usual_minutes: 30 };

    #[test]
    fn a_known_distance_is_measured_to_the_hundred_metres() {
        assert!((straight_m(SQUARE, AIRPORT) - 32_240).abs() < 100, "{}", straight_m(SQUARE, AIRPORT));
        assert_eq!(straight_m(SQUARE, AIRPORT), straight_m(AIRPORT, SQUARE));
        assert_eq!(straight_m(SQUARE, SQUARE), 0);
    }

    #[test]
    fn half_round_the_earth_is_the_farthest() {
        let south = Point { latitude_e6: -31_230_416, longitude_e6: 121_473_701 - 180_000_000 };
        assert!((straight_m(SQUARE, south) - 20_015_115).abs() < 10);
    }

    #[test]
    fn a_way_takes_its_detour_and_its_last_minute_whole() {
        let near = Point { longitude_e6: SQUARE.longitude_e6 + 10_000, ..SQUARE };
        assert_eq!(straight_m(SQUARE, near), 951);
        assert_eq!(TRAVEL.way(Some(SQUARE), Some(near)), Way { distance_m: Some(1_331), minutes: 4 });
        assert_eq!(TRAVEL.way(Some(SQUARE), Some(SQUARE)), Way { distance_m: Some(0), minutes: 0 });
    }

    #[test]
    fn an_unknown_place_is_as_far_as_the_outlet_reckons() {
        let unknown = Way { distance_m: None, minutes: 30 };
        assert_eq!((TRAVEL.way(None, Some(SQUARE)), TRAVEL.way(Some(SQUARE), None)), (unknown, unknown));
    }

    #[test]
    fn a_visit_that_begins_before_the_other_ends_leaves_no_time() {
        let window = |from, to| Window { from: at(from), to: at(to) };
        assert_eq!(minutes_between(window(0, 60), window(90, 120)), 30);
        assert_eq!(minutes_between(window(0, 60), window(30, 120)), -30);
    }
}
