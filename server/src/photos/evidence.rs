//! What a camera wrote into a file: where, when and with what it was taken. Kept beside the photo as evidence; no copy holds it.

use exif::{Exif, In, Rational, Reader, Tag, Value};
use schema::limits::FIELD_CHARS_MAX;
use schema::photo::PhotoEvidence;
use schema::record::Place;
use std::io::Cursor;

/// Whatever of it can be read.
pub fn evidence(bytes: &[u8]) -> PhotoEvidence {
    let Ok(exif) = Reader::new().read_from_container(&mut Cursor::new(bytes)) else { return PhotoEvidence::default() };
    let camera = [Tag::Make, Tag::Model].into_iter().filter_map(|tag| text(&exif, tag)).collect::<Vec<_>>().join(" ");
    PhotoEvidence {
        taken_at: text(&exif, Tag::DateTimeOriginal).or_else(|| text(&exif, Tag::DateTime)),
        place: place(&exif),
        camera: (!camera.is_empty()).then_some(camera),
    }
}

fn text(exif: &Exif, tag: Tag) -> Option<String> {
    let Value::Ascii(lines) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let text = String::from_utf8_lossy(lines.first()?).into_owned();
    let text: String = text.trim().chars().filter(|c| !c.is_control()).take(FIELD_CHARS_MAX).collect();
    (!text.is_empty()).then_some(text)
}

fn place(exif: &Exif) -> Option<Place> {
    let latitude_e6 = degrees_e6(exif, (Tag::GPSLatitude, Tag::GPSLatitudeRef, 'S'), 90)?;
    let longitude_e6 = degrees_e6(exif, (Tag::GPSLongitude, Tag::GPSLongitudeRef, 'W'), 180)?;
    let error = match &exif.get_field(Tag::GPSHPositioningError, In::PRIMARY).map(|field| &field.value) {
        Some(Value::Rational(values)) => values.first().and_then(|value| scaled(*value, 1)),
        _ => None,
    };
    Some(Place { latitude_e6, longitude_e6, accuracy_m: error.unwrap_or(0) })
}

/// Degrees, minutes and seconds as millionths of a degree.
fn degrees_e6(exif: &Exif, (tag, side, negative): (Tag, Tag, char), most: i64) -> Option<i64> {
    let Value::Rational(values) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let parts = values.iter().zip([3_600, 60, 1]).map(|(value, seconds)| scaled(*value, seconds * 1_000_000));
    let seconds_e6 = parts.collect::<Option<Vec<i64>>>()?.into_iter().fold(0, i64::saturating_add);
    let total = seconds_e6 / 3_600;
    if values.is_empty() || total > most * 1_000_000 {
        return None;
    }
    Some(if text(exif, side)?.starts_with(negative) { -total } else { total })
}

/// None where it is no number.
fn scaled(value: Rational, by: i64) -> Option<i64> {
    i64::try_from((i128::from(value.num) * i128::from(by)).checked_div(i128::from(value.denom))?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same file as the page's own test writes.
    const FROM_A_PHONE: &str = include_str!("from_a_phone.hex");

    fn photo() -> Vec<u8> {
        let digits: Vec<char> = FROM_A_PHONE.trim().chars().collect();
        digits.chunks(2).map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap()).collect()
    }

    #[test]
    fn what_the_phones_page_writes_beside_a_smaller_picture_is_read_to_the_millionth_of_a_degree() {
        let place = Place { latitude_e6: 31_191_234, longitude_e6: -121_437_001, accuracy_m: 12 };
        let told = PhotoEvidence {
            taken_at: Some("2026:11:23 09:30:00".to_owned()),
            place: Some(place),
            camera: Some("HUAWEI P60".to_owned()),
        };
        assert_eq!(evidence(&photo()), told);
    }

    #[test]
    fn a_photo_that_is_cut_off_says_nothing_that_was_not_there() {
        let whole = photo();
        for length in 0..whole.len() {
            let told = evidence(whole.get(..length).unwrap());
            assert!(told.place.is_none() || told.place == evidence(&whole).place, "{length} bytes");
        }
    }
}
